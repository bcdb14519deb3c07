package dev.freshet.capture;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;

/** The tables of the source whose rows can become documents. */
final class SourceTables {

  /** Of a partitioned table the root, which the publication names its rows by. */
  private static final String QUERY =
      """
      SELECT n.nspname, c.relname,
        ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
      ORDER BY n.nspname, c.relname
      LIMIT 10000
      """;

  private SourceTables() {}

  /**
   * Those that are mapped; with no mapping configured, those that the default mapping takes.
   *
   * @throws CaptureException when there is none
   */
  static Set<TableId> mapped(Connection source, TableMappings mappings)
      throws SQLException, CaptureException {
    var mapped = new TreeSet<TableId>();
    try (var statement = source.createStatement();
        var rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        var table = new TableId(rows.getString(1), rows.getString(2));
        var columns = Set.of((Object[]) rows.getArray(3).getArray());
        boolean takes =
            mappings.areConfigured()
                ? mappings.configured(table).isPresent()
                : columns.contains("id")
                    && (columns.contains("title") || columns.contains("description"));
        if (takes) {
          mapped.add(table);
        }
      }
    }
    if (mapped.isEmpty()) {
      throw new CaptureException(
          mappings.areConfigured()
              ? "the source has none of the tables that freshet.tables names: " + mappings.tables()
              : "the source has no table with the columns id and title or description; name your"
                  + " tables in freshet.tables");
    }
    return mapped;
  }
}
