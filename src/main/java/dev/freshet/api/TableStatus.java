package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.store.TableCoverage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How much of a table the index has. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "TableCoverage", description = "How much of a table the index has.")
record TableStatus(
    @Schema(example = "public.products") String table,
    @Schema(description = "Documents that are not deleted.") long documents,
    @Schema(description = "The segments of all of them; 0 where none are kept here.") long segments,
    @Schema(description = "Deletions that are remembered.") long deleted,
    @Schema(description = "Documents whose newest change was given up.") long failed,
    @Schema(description = "The newest commit among those of the stored versions.")
        @Nullable Instant newestCommittedAt,
    @Schema(description = "When the newest of the stored versions became searchable.")
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
