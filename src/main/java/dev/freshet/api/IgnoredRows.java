package dev.freshet.api;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMappings;
import dev.freshet.freshness.IgnoredTables.IgnoredTable;
import dev.freshet.freshness.IndexingProgress;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Tells why the rows of a table become no documents. */
@Singleton
final class IgnoredRows {

  private final TableMappings mappings;
  private final IndexingProgress progress;

  IgnoredRows(TableMappings mappings, IndexingProgress progress) {
    this.mappings = mappings;
    this.progress = progress;
  }

  /** The document under the name of its mapping, where it was asked for as a partition's row. */
  DocumentId named(DocumentId id) {
    return new DocumentId(mappings.documentTable(id.table()), id.key());
  }

  /** Whether no row of the table ever becomes a document, as long as this process lives. */
  boolean all(TableId table) {
    return mappings.areConfigured() && mappings.configured(table).isEmpty();
  }

  /** Why rows of the table become no documents, as sentences; empty where they may. */
  Optional<String> reason(TableId table) {
    Optional<IgnoredTable> seen = progress.ignored().find(table);
    if (all(table)) {
      return Optional.of(
          "The table %s has no mapping, so its rows become no documents; add freshet.tables.%s%s.%s"
              .formatted(table, table, partition(seen), counted(seen)));
    }
    return seen.filter(one -> !mappings.areConfigured())
        .map(
            one ->
                "Rows of %s lack what the default mapping needs, an id and a title or a description;"
                        .formatted(table)
                    + " name its columns in freshet.tables."
                    + table
                    + "."
                    + counted(seen));
  }

  private static String partition(Optional<IgnoredTable> seen) {
    return seen.flatMap(one -> Optional.ofNullable(one.partitionOf()))
        .map(
            parent ->
                " or, as it seems to be a partition of %s, name it in freshet.tables.%s.partitions"
                    .formatted(parent, parent))
        .orElse("");
  }

  private static String counted(Optional<IgnoredTable> seen) {
    return seen.map(
            one ->
                " %d of its changes were ignored since the start, the newest at %s."
                    .formatted(one.changes(), one.newestAt()))
        .orElse("");
  }
}
