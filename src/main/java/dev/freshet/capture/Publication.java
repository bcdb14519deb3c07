package dev.freshet.capture;

import dev.freshet.changeevent.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
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

  private static final String EXISTS =
      "SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = ?)";

  /** Of a partitioned table the publication names either the root or the leaves. */
  private static final String PUBLISHED =
      """
      SELECT published.schemaname, published.tablename
      FROM pg_publication_tables published WHERE published.pubname = ?
      """;

  private static final String LEAVES =
      """
      SELECT n.nspname, c.relname
      FROM pg_partition_tree(format('%I.%I', ?::text, ?::text)::regclass) tree
      JOIN pg_class c ON c.oid = tree.relid JOIN pg_namespace n ON n.oid = c.relnamespace
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
   * @return the names under which the rows of the mapped tables come: of a partitioned table that
   *     of the root or those of the leaves
   * @throws CaptureException when it lacks a table, and the user may not add it
   */
  Set<TableId> require(Collection<TableId> mapped) throws SQLException, CaptureException {
    if (!exists()) {
      change(
          "CREATE PUBLICATION %s FOR TABLE %s WITH (publish_via_partition_root = true)"
              .formatted(quoted(name), quoted(mapped)));
    }
    Set<TableId> missing = missing(mapped, new TreeSet<>());
    if (!missing.isEmpty()) {
      change("ALTER PUBLICATION %s ADD TABLE %s".formatted(quoted(name), quoted(missing)));
    }
    var named = new TreeSet<TableId>();
    Set<TableId> left = missing(mapped, named);
    if (!left.isEmpty()) {
      throw new CaptureException(
          "the publication '%s' of the source lacks the tables %s".formatted(name, left));
    }
    return named;
  }

  private boolean exists() throws SQLException {
    try (var statement = source.prepareStatement(EXISTS)) {
      statement.setString(1, name);
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /**
   * @param named gets the names under which the others are published
   */
  private Set<TableId> missing(Collection<TableId> mapped, Set<TableId> named) throws SQLException {
    Set<TableId> published = tables(PUBLISHED, name);
    var missing = new TreeSet<TableId>();
    for (TableId table : mapped) {
      if (published.contains(table)) {
        named.add(table);
        continue;
      }
      Set<TableId> leaves = tables(LEAVES, table.schema(), table.name());
      leaves.retainAll(published);
      if (leaves.isEmpty()) {
        missing.add(table);
      }
      named.addAll(leaves);
    }
    return missing;
  }

  private Set<TableId> tables(String query, String... parameters) throws SQLException {
    var tables = new TreeSet<TableId>();
    try (var statement = source.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          tables.add(new TableId(rows.getString(1), rows.getString(2)));
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
    return tables.stream()
        .map(table -> quoted(table.schema()) + "." + quoted(table.name()))
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
