package dev.freshet.capture;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tables of the source whose rows can become documents.
 *
 * @param tables of a partitioned table its root
 * @param partitioned whether one of them is partitioned
 * @param remarks what is left out, and why; one sentence each
 */
record SourceTables(Set<TableId> tables, boolean partitioned, List<String> remarks) {

  /** The last column: whether the source tells which row an UPDATE or DELETE is about. */
  private static final String QUERY =
      """
      SELECT n.nspname, c.relname,
        ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        c.relkind = 'p',
        c.relreplident IN ('f', 'i')
          OR (c.relreplident = 'd'
              AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
      ORDER BY n.nspname, c.relname
      LIMIT 10000
      """;

  SourceTables {
    tables = Set.copyOf(tables);
    remarks = List.copyOf(remarks);
  }

  /**
   * Those that are mapped; with no mapping configured, those that the default mapping takes.
   *
   * @throws CaptureException when there is none, or one that is configured cannot be published: the
   *     source would refuse every UPDATE and DELETE of it
   */
  static SourceTables read(Connection source, TableMappings mappings)
      throws SQLException, CaptureException {
    var tables = new TreeSet<TableId>();
    var remarks = new ArrayList<String>();
    boolean partitioned = false;
    try (var statement = source.createStatement();
        var rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        var table = new TableId(rows.getString(1), rows.getString(2));
        if (!takes(mappings, table, rows)) {
          continue;
        }
        if (rows.getBoolean(5)) {
          tables.add(table);
          partitioned |= rows.getBoolean(4);
        } else if (mappings.areConfigured()) {
          throw new CaptureException(withoutIdentity(table));
        } else {
          remarks.add(withoutIdentity(table) + "; it is left out");
        }
      }
    }
    if (tables.isEmpty()) {
      throw new CaptureException(
          mappings.areConfigured()
              ? "the source has none of the tables that freshet.tables names: " + mappings.tables()
              : "the source has no table with a primary key and the columns id, and title or"
                  + " description; name your tables in freshet.tables");
    }
    for (TableId named : mappings.tables()) {
      if (!tables.contains(named) && !named.name().contains("*")) {
        remarks.add(
            "the source has no table %s, which freshet.tables names; restart when it is there"
                .formatted(named));
      }
    }
    return new SourceTables(tables, partitioned, remarks);
  }

  private static boolean takes(TableMappings mappings, TableId table, ResultSet row)
      throws SQLException {
    if (mappings.areConfigured()) {
      return mappings.configured(table).isPresent();
    }
    var columns = Set.of((Object[]) row.getArray(3).getArray());
    return columns.contains("id") && (columns.contains("title") || columns.contains("description"));
  }

  private static String withoutIdentity(TableId table) {
    return ("the table %s has no primary key, so that PostgreSQL would refuse each UPDATE and DELETE of"
            + " it in a publication; give it one, or run: ALTER TABLE %s REPLICA IDENTITY FULL")
        .formatted(table, table);
  }
}
