package dev.freshet.source.postgresql;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.source.KeyCoverage;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the source, once the service has started, whether its updates tell of changed keys. */
final class ReplicaIdentities implements ApplicationEventListener<ServerStartupEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaIdentities.class);

  /** Of a partitioned table the partitions' identities count. */
  private static final String TABLES =
      """
      SELECT n.nspname, c.relname, c.relreplident,
             ARRAY(SELECT a.attname::text
                   FROM pg_index i
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
                   WHERE i.indrelid = c.oid
                     AND CASE c.relreplident WHEN 'd' THEN i.indisprimary
                                             WHEN 'i' THEN i.indisreplident
                                             ELSE false END)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      ORDER BY n.nspname, c.relname
      LIMIT 10000
      """;

  private static final String FULL = "f";

  private final SourceConnection source;
  private final TableMappings mappings;
  private final KeyCoverage keys;

  ReplicaIdentities(SourceConnection source, TableMappings mappings, KeyCoverage keys) {
    this.source = source;
    this.mappings = mappings;
    this.keys = keys;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    var thread = new Thread(this::check, "replica-identities");
    thread.setDaemon(true);
    thread.start();
  }

  void check() {
    try (source) {
      source.run(this::check);
    } catch (SQLException | RuntimeException e) {
      LOG.warn(
          "The source does not say whether its replica identities have the configured keys"
              + " (freshet.source.url): {}",
          e.getMessage());
    }
  }

  /** Answers how many mapped tables the source has. */
  private int check(Connection connection) throws SQLException {
    int found = 0;
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        var table = new TableId(rows.getString(1), rows.getString(2));
        TableMapping mapping = mappings.configured(table).orElse(null);
        if (mapping != null) {
          found++;
          check(table, mapping, rows);
        }
      }
    }
    return found;
  }

  private void check(TableId table, TableMapping mapping, ResultSet row) throws SQLException {
    var identity = Set.copyOf(columns(row));
    if (row.getString(3).equals(FULL) || identity.containsAll(mapping.key())) {
      keys.covered(table);
    } else {
      keys.uncovered(
          table,
          mapping.key(),
          identity.isEmpty()
              ? "The source's table has no replica identity"
              : "The source's replica identity has only the columns "
                  + String.join(", ", identity));
    }
  }

  private static List<String> columns(ResultSet row) throws SQLException {
    var columns = new ArrayList<String>();
    for (Object column : (Object[]) row.getArray(4).getArray()) {
      columns.add(String.valueOf(column));
    }
    return columns;
  }
}
