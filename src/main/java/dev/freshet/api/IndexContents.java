package dev.freshet.api;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.TableCoverage;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What the index has. To count it costs a pass over the index, so an answer is kept for a moment.
 */
@Singleton
final class IndexContents {

  private static final Duration KEPT = Duration.ofSeconds(3);

  private final DocumentLedger ledger;
  private final @Nullable SegmentIndex index;
  private final LatestAnswer<Contents> latest;

  /**
   * The tables, how many segments each has, and the documents that failed last.
   *
   * @param segments without the tables that have none
   */
  record Contents(
      List<TableCoverage> tables, Map<TableId, Long> segments, List<DocumentFailure> failures) {}

  /**
   * @param index null where no segments are kept here
   */
  IndexContents(
      DocumentLedger ledger,
      @Nullable SegmentIndex index,
      Clock clock,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.ledger = ledger;
    this.index = index;
    this.latest = new LatestAnswer<>(this::count, KEPT, executor, clock);
  }

  /** Empty while the index has never answered; older than a moment while it does not answer now. */
  Optional<LatestAnswer.Known<Contents>> now() {
    return latest.now();
  }

  private Optional<Contents> count() {
    try {
      return Optional.of(
          new Contents(
              ledger.coverage(),
              index == null ? Map.of() : index.count(),
              ledger.failures().newest(WatermarkStatus.MOST)));
    } catch (UnavailableException e) {
      return Optional.empty();
    }
  }
}
