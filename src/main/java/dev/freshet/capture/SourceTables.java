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
import java.util.stream.Collectors;

/**
 * The tables of the source whose rows can become documents.
 *
 * @param tables of a partitioned table its root
 * @param partitioned whether one of them is partitioned
 * @param remarks what is left out, and why; one sentence each
 */
record SourceTables(Set<TableId> tables, boolean partitioned, List<String> remarks) {

  private static final int MOST_NAMES = 10;

  /**
   * The fifth column: whether the source tells which row an UPDATE or DELETE is about. The sixth:
   * whether other tables inherit from it.
   */
  private static final String QUERY =
      """
      SELECT n.nspname, c.relname,
        ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        c.relkind = 'p',
        c.relreplident IN ('f', 'i')
          OR (c.relreplident = 'd'
              AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)),
        c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid),
        ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped)
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
    var leftOut = new TreeSet<TableId>();
    boolean partitioned = false;
    try (var statement = source.createStatement();
        var rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        var table = new TableId(rows.getString(1), rows.getString(2));
        if (!takes(mappings, table, rows)) {
          leftOut.add(table);
          continue;
        }
        if (rows.getBoolean(5)) {
          tables.add(table);
          remarks.addAll(peculiarities(table, mappings, rows));
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
    leftOut.removeIf(table -> table.name().startsWith("freshet_"));
    if (!mappings.areConfigured() && !leftOut.isEmpty()) {
      remarks.add(
          "%d tables have no id, or neither title nor description, and are left out (%s%s); freshet.tables"
                  .formatted(
                      leftOut.size(),
                      leftOut.stream()
                          .limit(MOST_NAMES)
                          .map(TableId::toString)
                          .collect(Collectors.joining(", ")),
                      leftOut.size() > MOST_NAMES ? " and others" : "")
              + " maps them");
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

  /** What PostgreSQL does not tell of some tables. */
  private static List<String> peculiarities(TableId table, TableMappings mappings, ResultSet row)
      throws SQLException {
    var remarks = new ArrayList<String>();
    if (row.getBoolean(4)) {
      remarks.add(
          "the table %s is partitioned: PostgreSQL does not tell of the rows of a partition that is"
                  .formatted(table)
              + " attached, detached, dropped or truncated; delete the rows first, or read the table"
              + " again after it");
    }
    if (row.getBoolean(6)) {
      remarks.add(
          "other tables inherit from %s: the first reading takes their rows for its own, and their later"
                  .formatted(table)
              + " changes do not reach these; keep the documents in tables that nothing inherits from,"
              + " or partition them");
    }
    for (Object column : (Object[]) row.getArray(7).getArray()) {
      if (mappings.configured(table).map(one -> one.uses(String.valueOf(column))).orElse(true)) {
        remarks.add(
            "the column %s of %s is generated: the first reading has it, and PostgreSQL leaves it out of"
                    .formatted(column, table)
                + " later changes; leave it out of the mapping, or fill an ordinary column by a trigger");
      }
    }
    return remarks;
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
