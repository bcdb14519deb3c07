package dev.freshet.store.pgvector;

import dev.freshet.changeevent.TableId;
import dev.freshet.ledger.TableCoverage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Counts what is stored of each table. */
final class CoverageQuery {

  private static final String COVERAGE =
      """
      WITH source AS (
          SELECT table_name FROM freshet_table UNION SELECT table_name FROM freshet_failure),
        document AS (
          SELECT table_name, count(*) FILTER (WHERE NOT deleted) AS documents,
            count(*) FILTER (WHERE deleted) AS deleted,
            max(committed_at) AS newest_committed_at, max(indexed_at) AS last_indexed_at
          FROM freshet_document GROUP BY table_name),
        failure AS (
          SELECT table_name, count(*) AS failed FROM freshet_failure GROUP BY table_name)
      SELECT table_name, coalesce(documents, 0) AS documents, coalesce(deleted, 0) AS deleted,
        coalesce(failed, 0) AS failed, newest_committed_at, last_indexed_at
      FROM source LEFT JOIN document USING (table_name) LEFT JOIN failure USING (table_name)
      """;

  private CoverageQuery() {}

  static List<TableCoverage> run(Handle handle) {
    return handle.createQuery(COVERAGE).map((row, context) -> coverage(row)).stream()
        // PostgreSQL's order depends on the database's locale.
        .sorted(Comparator.comparing(TableCoverage::table))
        .toList();
  }

  private static TableCoverage coverage(ResultSet row) throws SQLException {
    return new TableCoverage(
        TableId.parse(row.getString("table_name")),
        row.getLong("documents"),
        row.getLong("deleted"),
        row.getLong("failed"),
        Rows.instant(row, "newest_committed_at"),
        Rows.instant(row, "last_indexed_at"));
  }
}
