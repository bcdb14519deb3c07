package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.changeevent.TableId;
import dev.freshet.ledger.TableCoverage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    @Nullable Instant newestCommittedAt,
    @Nullable Instant lastIndexedAt) {

  /**
   * @param former how many documents of each table are as a former mapping made them, where that is
   *     known
   */
  static List<TableStatus> of(IndexContents.Contents contents, Map<TableId, Long> former) {
    return contents.tables().stream()
        .map(
            table ->
                of(
                    table,
                    contents.segments().getOrDefault(table.table(), 0L),
                    former.get(table.table())))
        .toList();
  }

  private static TableStatus of(TableCoverage coverage, long segments, @Nullable Long former) {
    return new TableStatus(
        coverage.table().toString(),
        coverage.documents(),
        segments,
        coverage.deleted(),
        coverage.failed(),
        former,
        coverage.newestCommittedAt(),
        coverage.lastIndexedAt());
  }
}
