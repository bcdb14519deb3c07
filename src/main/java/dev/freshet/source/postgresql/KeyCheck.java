package dev.freshet.source.postgresql;

import dev.freshet.document.DocumentId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Asks the source whether the id of a document can be a key of a table. */
final class KeyCheck {

  private KeyCheck() {}

  static boolean fits(Connection source, SourceTable table, DocumentId document)
      throws SQLException {
    if (document.key().size() != table.key().size()) {
      return false;
    }
    List<String> texts;
    try {
      texts = RowQuery.sqlKey(table, document);
    } catch (IllegalArgumentException e) {
      return false;
    }
    String sql =
        table.key().stream()
            .map(column -> "CAST(? AS " + column.sqlType() + ")")
            .collect(Collectors.joining(", ", "SELECT ", ""));
    var before = source.setSavepoint();
    try (var statement = source.prepareStatement(sql)) {
      RowQuery.bind(statement, 1, texts);
      statement.execute();
      return true;
    } catch (SQLException e) {
      if (!SourceFaults.isOfValue(e)) {
        throw e;
      }
      return false;
    } finally {
      source.rollback(before);
    }
  }
}
