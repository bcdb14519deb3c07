package dev.freshet.source.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.document.DocumentId;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads rows of one table within a transaction. Columns have numbers, since names may be any. */
final class RowQuery {

  private static final long MEGABYTE = 1_000_000;

  /** A row is in memory several times; a message of so many bytes is rejected, too. */
  private static final long HUGE = 64 * MEGABYTE;

  private static final String PLACE_TABLE = "table";
  private static final String PLACE_KEY = "key";

  private final SourceTable table;
  private final RowMessages messages;
  private final Marks.Mark mark;
  private final List<Optional<Function<String, JsonNode>>> forms;

  RowQuery(SourceTable table, RowMessages messages, Marks.Mark mark) {
    this.table = table;
    this.messages = messages;
    this.mark = mark;
    this.forms = table.columns().stream().map(SourceValues::of).toList();
  }

  /** The table of a place; null of none. */
  static @Nullable String tableOf(@Nullable JsonNode place) {
    return place == null || place.isNull() ? null : place.path(PLACE_TABLE).asText();
  }

  /**
   * The next rows, of which the first may be larger than all may be together.
   *
   * @param after a place in this table; null for its first rows
   * @throws SourceRefusedException where the next row is larger than memory may hold
   */
  List<SourceRows.Row> page(
      Connection source, ConditionSql where, @Nullable JsonNode after, int limit, long bytes)
      throws SQLException, SourceRefusedException {
    List<SourceRows.Row> rows = readPage(source, where, after, limit, bytes);
    if (rows.isEmpty()) {
      requireNoHugeRow(source, where, after);
    }
    return rows;
  }

  /** Without the first row, if that is huge. */
  private List<SourceRows.Row> readPage(
      Connection source, ConditionSql where, @Nullable JsonNode after, int limit, long bytes)
      throws SQLException {
    String order = table.order().stream().map(this::alias).collect(Collectors.joining(", "));
    String sql =
        """
        SELECT * FROM (
          SELECT p.*, sum(size) OVER (ORDER BY %s ROWS UNBOUNDED PRECEDING) AS total FROM (
            SELECT %s, %s AS size FROM %s t WHERE %s%s ORDER BY %s LIMIT ?) p) q
        WHERE (total <= ? OR total = size) AND size <= ? ORDER BY %s
        """
            .formatted(
                order,
                selected(""),
                size(),
                table.sqlName(),
                where.sql(),
                after == null ? "" : " AND " + beyond(),
                orderColumns(),
                order);
    try (var statement = source.prepareStatement(sql)) {
      int next = bind(statement, where, after);
      statement.setInt(next, limit);
      statement.setLong(next + 1, bytes);
      statement.setLong(next + 2, HUGE);
      return rows(statement);
    }
  }

  private String size() {
    return table.columns().stream().map(SourceColumn::sqlSize).collect(Collectors.joining(" + "));
  }

  private String orderColumns() {
    return table.order().stream().map(SourceColumn::sqlName).collect(Collectors.joining(", "));
  }

  private int bind(PreparedStatement statement, ConditionSql where, @Nullable JsonNode after)
      throws SQLException {
    int next = bind(statement, 1, where.values());
    if (after == null) {
      return next;
    }
    JsonNode key = after.path(PLACE_KEY);
    return bind(
        statement,
        next,
        table.order().stream().map(column -> key.path(column.name()).asText()).toList());
  }

  /**
   * A row that is left out would look deleted.
   *
   * @throws SourceRefusedException where the next row is huge
   */
  private void requireNoHugeRow(Connection source, ConditionSql where, @Nullable JsonNode after)
      throws SQLException, SourceRefusedException {
    String sql =
        "SELECT %s, %s FROM %s t WHERE %s%s ORDER BY %s LIMIT 1"
            .formatted(
                size(),
                table.key().stream()
                    .map(column -> "left(" + column.sqlName() + "::text, 100)")
                    .collect(Collectors.joining(" || ',' || ")),
                table.sqlName(),
                where.sql(),
                after == null ? "" : " AND " + beyond(),
                orderColumns());
    try (var statement = source.prepareStatement(sql)) {
      bind(statement, where, after);
      try (var row = statement.executeQuery()) {
        if (row.next() && row.getLong(1) > HUGE) {
          throw new SourceRefusedException(
              "the row %s of %s has about %d MB, and at most %d MB are read; leave large columns out by freshet.tables.%s.exclude, or make the row smaller"
                  .formatted(
                      row.getString(2),
                      table.name(),
                      row.getLong(1) / MEGABYTE,
                      HUGE / MEGABYTE,
                      table.name()));
        }
      }
    }
  }

  /** Behind the last row, in the order of the key. */
  private String beyond() {
    return "(%s) > (%s)"
        .formatted(
            table.order().stream().map(SourceColumn::sqlName).collect(Collectors.joining(", ")),
            table.order().stream()
                .map(column -> "CAST(? AS " + column.sqlType() + ")")
                .collect(Collectors.joining(", ")));
  }

  /** The rows of these documents; each key has a text for each column. */
  List<SourceRows.Row> find(Connection source, Collection<DocumentId> documents)
      throws SQLException {
    String keys =
        table.key().stream()
            .map(column -> "CAST(? AS " + column.sqlType() + ")")
            .collect(Collectors.joining(", ", "(", ")"));
    int width = table.key().size();
    String sql =
        """
        SELECT %s FROM %s t JOIN (VALUES %s) v (%s) ON %s
        """
            .formatted(
                selected("t."),
                table.sqlName(),
                documents.stream().map(document -> keys).collect(Collectors.joining(", ")),
                IntStream.range(0, width).mapToObj(i -> "k" + i).collect(Collectors.joining(", ")),
                IntStream.range(0, width)
                    .mapToObj(i -> "t." + table.key().get(i).sqlName() + " = v.k" + i)
                    .collect(Collectors.joining(" AND ")));
    try (var statement = source.prepareStatement(sql)) {
      int next = 1;
      for (DocumentId document : documents) {
        next = bind(statement, next, sqlKey(table, document));
      }
      // What is equal to the database may be another document: 'a' and 'A' where case is ignored.
      return rows(statement).stream().filter(row -> documents.contains(row.document())).toList();
    }
  }

  /**
   * @throws IllegalArgumentException when the document has no such key
   */
  static List<String> sqlKey(SourceTable table, DocumentId document) {
    if (document.key().size() != table.key().size()) {
      throw new IllegalArgumentException("the key has another number of columns");
    }
    return IntStream.range(0, document.key().size())
        .mapToObj(i -> KeyTexts.sql(table.key().get(i), document.key().get(i)))
        .toList();
  }

  private String selected(String prefix) {
    String values =
        IntStream.range(0, table.columns().size())
            .mapToObj(i -> prefix + table.columns().get(i).sqlValue() + " AS c" + i)
            .collect(Collectors.joining(", "));
    return values + ", t.tableoid::text || ' ' || t.xmin::text || ' ' || t.ctid::text AS version";
  }

  private String alias(SourceColumn column) {
    return "c" + table.columns().indexOf(column);
  }

  static int bind(PreparedStatement statement, int first, List<String> values) throws SQLException {
    int next = first;
    for (String value : values) {
      // Of no type of its own, so that it is read as the cast says.
      statement.setObject(next++, value, Types.OTHER);
    }
    return next;
  }

  private List<SourceRows.Row> rows(PreparedStatement statement) throws SQLException {
    var rows = new ArrayList<SourceRows.Row>();
    try (var result = statement.executeQuery()) {
      while (result.next()) {
        rows.add(row(result));
      }
    }
    return rows;
  }

  private SourceRows.Row row(ResultSet result) throws SQLException {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    ObjectNode place = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < table.columns().size(); i++) {
      SourceColumn column = table.columns().get(i);
      String text = result.getString("c" + i);
      if (forms.get(i).isPresent()) {
        values.set(
            column.name(), text == null ? NullNode.instance : value(text, forms.get(i).get()));
      }
      if (table.order().contains(column)) {
        place.put(column.name(), text);
      }
    }
    List<String> key =
        table.key().stream().map(column -> values.path(column.name()).asText()).toList();
    return new SourceRows.Row(
        new DocumentId(table.documents(), key),
        JsonNodeFactory.instance
            .objectNode()
            .put(PLACE_TABLE, table.name().toString())
            .set(PLACE_KEY, place),
        result.getString("version"),
        messages.read(table.name(), values, mark));
  }

  /** A form that nobody has foreseen is no reason to lose the row. */
  private static JsonNode value(String text, Function<String, JsonNode> form) {
    try {
      return form.apply(text);
    } catch (RuntimeException e) {
      return TextNode.valueOf(text);
    }
  }
}
