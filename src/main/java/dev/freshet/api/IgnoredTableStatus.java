package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.freshness.IgnoredTables.IgnoredTable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table whose changes come in and become no documents. */
@JsonPropertyOrder({"table", "reason", "partitionOf", "changes", "newestAt"})
@Schema(
    name = "IgnoredTable",
    description = "A table whose changes come in and become no documents.")
record IgnoredTableStatus(
    @Schema(example = "public.orders", requiredMode = Schema.RequiredMode.REQUIRED) String table,
    @Schema(
            type = "string",
            description =
                "`unmapped-table`: tables are configured, and this is none of them."
                    + " `lacks-columns`: none is configured, and its rows lack an `id`, or both a"
                    + " `title` and a `description`.",
            allowableValues = {"unmapped-table", "lacks-columns"},
            requiredMode = Schema.RequiredMode.REQUIRED)
        String reason,
    @Schema(
            description =
                "The mapped table of which it seems to be a partition; null when of none.",
            nullable = true)
        @Nullable String partitionOf,
    @Schema(
            description = "How many of its changes came since the start.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        long changes,
    @Schema(
            description = "When the newest of them was ignored.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        Instant newestAt) {

  static IgnoredTableStatus of(IgnoredTable table) {
    return new IgnoredTableStatus(
        table.table().toString(),
        table.reason(),
        Optional.ofNullable(table.partitionOf()).map(Object::toString).orElse(null),
        table.changes(),
        table.newest());
  }
}
