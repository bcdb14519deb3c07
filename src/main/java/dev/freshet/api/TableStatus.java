package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.ledger.TableCoverage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much of a table the index has. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record TableStatus(
    String table,
    long documents,
    long segments,
    long deleted,
    long failed,
    @Nullable Instant newestCommittedAt,
    @Nullable Instant lastIndexedAt) {

  static List<TableStatus> of(IndexContents.Contents contents) {
    return contents.tables().stream()
        .map(table -> of(table, contents.segments().getOrDefault(table.table(), 0L)))
        .toList();
  }

  private static TableStatus of(TableCoverage coverage, long segments) {
    return new TableStatus(
        coverage.table().toString(),
        coverage.documents(),
        segments,
        coverage.deleted(),
        coverage.failed(),
        coverage.newestCommittedAt(),
        coverage.lastIndexedAt());
  }
}
