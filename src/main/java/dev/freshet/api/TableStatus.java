package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.store.TableCoverage;
import java.time.Instant;
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

  static TableStatus of(TableCoverage coverage) {
    return new TableStatus(
        coverage.table().toString(),
        coverage.documents(),
        coverage.segments(),
        coverage.deleted(),
        coverage.failed(),
        coverage.newestCommittedAt(),
        coverage.lastIndexedAt());
  }
}
