package dev.freshet.api;

import dev.freshet.UnavailableException;
import dev.freshet.store.DocumentFailure;
import dev.freshet.store.DocumentLedger;
import dev.freshet.store.TableCoverage;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the index has. To count it costs a pass over the index, so an answer is kept for a moment,
 * and only one caller counts at a time.
 */
@Singleton
final class IndexContents {

  private static final Duration KEPT = Duration.ofSeconds(3);

  private final DocumentLedger ledger;
  private final Clock clock;
  private @Nullable Contents last;
  private Instant counted = Instant.MIN;

  /** The tables, and the documents that failed last. */
  record Contents(List<TableCoverage> tables, List<DocumentFailure> failures) {}

  IndexContents(DocumentLedger ledger, Clock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Empty while the index does not answer. */
  synchronized Optional<Contents> now() {
    if (counted.plus(KEPT).isBefore(clock.instant())) {
      last = count().orElse(null);
      counted = clock.instant();
    }
    return Optional.ofNullable(last);
  }

  private Optional<Contents> count() {
    try {
      return Optional.of(
          new Contents(ledger.coverage(), ledger.failures().newest(WatermarkStatus.MOST)));
    } catch (UnavailableException e) {
      return Optional.empty();
    }
  }
}
