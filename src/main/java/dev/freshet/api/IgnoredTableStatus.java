package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.freshness.IgnoredTables.IgnoredTable;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table whose changes come in and become no documents. */
@JsonPropertyOrder({"table", "reason", "partitionOf", "changes", "newestAt"})
record IgnoredTableStatus(
    String table, String reason, @Nullable String partitionOf, long changes, Instant newestAt) {

  static IgnoredTableStatus of(IgnoredTable table) {
    return new IgnoredTableStatus(
        table.table().toString(),
        table.reason(),
        Optional.ofNullable(table.partitionOf()).map(Object::toString).orElse(null),
        table.changes(),
        table.newest());
  }
}
