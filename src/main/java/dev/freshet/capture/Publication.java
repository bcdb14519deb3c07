package dev.freshet.capture;

import dev.freshet.changeevent.TableId;
import dev.freshet.source.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publication that says which tables' changes the slot has. It names the mapped tables only:
 * one FOR ALL TABLES makes UPDATE fail on an application's tables without a key.
 */
final class Publication {

  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private static final String SETTINGS =
      "SELECT pubviaroot, pubinsert AND pubupdate AND pubdelete FROM pg_publication WHERE pubname = ?";

  /** A table that is created again, or added again after it was left out, has another number. */
  private static final String PUBLISHED =
      """
      SELECT t.schemaname, t.tablename, c.oid || '/' || coalesce(r.oid::text, 'all')
      FROM pg_publication p
      JOIN pg_publication_tables t ON t.pubname = p.pubname
      JOIN pg_namespace n ON n.nspname = t.schemaname
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
      LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = c.oid
      WHERE p.pubname = ?
      """;

  /** By JSON, because PostgreSQL 14 has neither column. */
  private static final String NARROWED =
      """
      SELECT r.prrelid::regclass::text, to_jsonb(r) ->> 'prqual' IS NOT NULL
      FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
      WHERE p.pubname = ?
        AND (to_jsonb(r) ->> 'prqual' IS NOT NULL OR to_jsonb(r) ->> 'prattrs' IS NOT NULL)
      ORDER BY 1
      """;

  private final Connection source;
  private final String name;

  Publication(Connection source, String name) {
    this.source = source;
    this.name = name;
  }

  /**
   * Makes the publication or adds what it lacks.
   *
   * @return what it leaves out on purpose, and what that means; one sentence each
   * @throws CaptureException when it lacks something, and the user may not add it
   */
  List<String> require(SourceTables mapped) throws SQLException, CaptureException {
    if (!exists(mapped.partitioned())) {
      change(
          "CREATE PUBLICATION %s FOR TABLE %s WITH (publish_via_partition_root = true)"
              .formatted(Sql.quoted(name), quoted(mapped.tables())));
    }
    Set<TableId> missing = new TreeSet<>(mapped.tables());
    missing.removeAll(published().keySet());
    if (!missing.isEmpty()) {
      change("ALTER PUBLICATION %s ADD TABLE %s".formatted(Sql.quoted(name), quoted(missing)));
      missing.removeAll(published().keySet());
    }
    if (!missing.isEmpty()) {
      throw new CaptureException(
          "the publication '%s' of the source lacks the tables %s".formatted(name, missing));
    }
    return narrowed();
  }

  private List<String> narrowed() throws SQLException {
    var remarks = new ArrayList<String>();
    try (var statement = source.prepareStatement(NARROWED)) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          remarks.add(
              "the publication '%s' has a %s for the table %s: the first reading takes all, and what it"
                      .formatted(
                          name,
                          rows.getBoolean(2) ? "row filter" : "column list",
                          rows.getString(1))
                  + " leaves out is not followed from then on");
        }
      }
    }
    return remarks;
  }

  /** One that names the partitions would miss those that are made later. */
  private boolean exists(boolean partitioned) throws SQLException, CaptureException {
    try (var statement = source.prepareStatement(SETTINGS)) {
      statement.setString(1, name);
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return false;
        }
        if (partitioned && !row.getBoolean(1)) {
          throw new CaptureException(
              "the publication '%s' names partitions, and would miss new ones; run at the source: ALTER"
                      .formatted(name)
                  + " PUBLICATION %s SET (publish_via_partition_root = true)"
                      .formatted(Sql.quoted(name)));
        }
        if (!row.getBoolean(2)) {
          throw new CaptureException(
              "the publication '%s' leaves out some changes; run at the source: ALTER PUBLICATION %s SET"
                      .formatted(name, Sql.quoted(name))
                  + " (publish = 'insert, update, delete, truncate')");
        }
        return true;
      }
    }
  }

  /**
   * The tables that it has, each with a text that stays as long as the publication has this table
   * without an interruption.
   */
  Map<TableId, String> published() throws SQLException {
    var tables = new TreeMap<TableId, String>();
    try (var statement = source.prepareStatement(PUBLISHED)) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          tables.put(new TableId(rows.getString(1), rows.getString(2)), rows.getString(3));
        }
      }
    }
    return tables;
  }

  private void change(String sql) throws SQLException, CaptureException {
    try (var statement = source.createStatement()) {
      statement.execute(sql);
      LOG.info("Changed the source's publication: {}", sql);
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw new CaptureException(
            "the user of freshet.source.url may not change the publication '%s' (%s); let the owner of"
                    .formatted(name, e.getMessage())
                + " the tables run: "
                + sql);
      }
      throw e;
    }
  }

  private static String quoted(Collection<TableId> tables) {
    return tables.stream().map(Sql::quoted).collect(Collectors.joining(", "));
  }
}
