package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.changeevent.TableId;
import dev.freshet.ledger.TableCoverage;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How much of a table the index has. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record TableStatus(
    String table,
    long documents,
    long segments,
    long deleted,
    long failed,
    @Nullable Long formerDocuments,
    boolean backfillOffered,
    @Nullable Instant newestCommittedAt,
    @Nullable Instant lastIndexedAt) {

  /**
   * @param former how many documents of each table are as a former mapping made them, where that is
   *     known
   * @param offered the tables that want a backfill; they are told though the index has nothing of
   *     them
   */
  static List<TableStatus> of(
      IndexContents.Contents contents, Map<TableId, Long> former, Set<TableId> offered) {
    List<TableId> stored = contents.tables().stream().map(TableCoverage::table).toList();
    Stream<TableCoverage> nothing =
        offered.stream()
            .filter(table -> !stored.contains(table))
            .map(table -> new TableCoverage(table, 0, 0, 0, null, null));
    return Stream.concat(contents.tables().stream(), nothing)
        .map(
            coverage ->
                of(
                    coverage,
                    contents.segments().getOrDefault(coverage.table(), 0L),
                    former.get(coverage.table()),
                    offered.contains(coverage.table())))
        .sorted(Comparator.comparing(TableStatus::table))
        .toList();
  }

  private static TableStatus of(
      TableCoverage coverage, long segments, @Nullable Long former, boolean offered) {
    return new TableStatus(
        coverage.table().toString(),
        coverage.documents(),
        segments,
        coverage.deleted(),
        coverage.failed(),
        former,
        offered,
        coverage.newestCommittedAt(),
        coverage.lastIndexedAt());
  }
}
