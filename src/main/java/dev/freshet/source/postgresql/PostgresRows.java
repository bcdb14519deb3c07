package dev.freshet.source.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.index.Condition;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the source over connections of its own: each page in one snapshot, behind a mark in
 * the log. See {@code docs/completeness.md}.
 */
public final class PostgresRows implements SourceRows, AutoCloseable {

  /** So many bytes of rows are in memory at once, and one row more. */
  private static final long PAGE_BYTES = 8_000_000;

  private static final Duration FOR_ANSWERS = Duration.ofSeconds(5);

  /** A page without an index of the key sorts the whole table. */
  private static final Duration FOR_PAGES = Duration.ofSeconds(100);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final TableMappings mappings;
  private final SourceOwner owner;

  /** A connection of its own, so that nobody who asks waits for a page. */
  private final Snapshots questions;

  private final Snapshots snapshots;
  private final Clock clock;

  /**
   * @param epoch counts how often the source started its LSN again
   */
  public PostgresRows(
      SourceConnectionConfiguration configuration,
      TableMappings mappings,
      SourceOwnership ownership,
      int epoch,
      Clock clock) {
    this.mappings = mappings;
    this.owner = new SourceOwner(ownership, epoch);
    var catalog = new Catalog(mappings);
    this.questions = new Snapshots(configuration, catalog, owner, FOR_ANSWERS);
    this.snapshots = new Snapshots(configuration, catalog, owner, FOR_PAGES);
    this.clock = clock;
  }

  @Override
  public long estimate(TableId table, @Nullable Condition where) throws SourceRefusedException {
    return questions.read(
        table,
        where != null,
        (connection, tables) -> {
          long rows = 0;
          for (SourceTable one : tables) {
            ConditionSql condition = ConditionSql.of(where, one);
            rows +=
                where == null && one.rows() > 0 ? one.rows() : planned(connection, one, condition);
          }
          return rows;
        });
  }

  private static long planned(Connection connection, SourceTable table, ConditionSql where)
      throws SQLException {
    String sql =
        "EXPLAIN (FORMAT JSON) SELECT FROM %s WHERE %s".formatted(table.sqlName(), where.sql());
    try (var statement = connection.prepareStatement(sql)) {
      RowQuery.bind(statement, 1, where.values());
      try (var row = statement.executeQuery()) {
        row.next();
        return MAPPER.readTree(row.getString(1)).path(0).path("Plan").path("Plan Rows").asLong();
      }
    } catch (IOException e) {
      throw new SQLException("the source's plan is not readable", e);
    }
  }

  @Override
  public boolean hasRows(TableId table) throws SourceRefusedException {
    return questions.read(
        table,
        false,
        (connection, tables) -> {
          for (SourceTable one : tables) {
            if (hasRows(connection, one)) {
              return true;
            }
          }
          return false;
        });
  }

  /** It may have to pass many dead rows, for which nobody waits long. */
  private static boolean hasRows(Connection connection, SourceTable table) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (var row =
          statement.executeQuery("SELECT EXISTS (SELECT FROM %s)".formatted(table.sqlName()))) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  @Override
  public List<String> remarks(TableId table) throws SourceRefusedException {
    return snapshots.read(
        table,
        false,
        (connection, tables) -> {
          var remarks = new ArrayList<String>();
          for (SourceTable one : tables) {
            remarks(connection, one, remarks);
          }
          return remarks;
        });
  }

  private static void remarks(Connection connection, SourceTable table, List<String> remarks)
      throws SQLException {
    if (!table.isOrdered()) {
      remarks.add(
          "%s has no index of its key (%s), so that each page sorts the whole table; run at the source: CREATE INDEX CONCURRENTLY ON %s (%s)"
              .formatted(
                  table.name(),
                  table.keyNames(),
                  Sql.quoted(table.name()),
                  table.key().stream()
                      .map(SourceColumn::sqlName)
                      .collect(Collectors.joining(", "))));
    } else if (!table.isUnique()) {
      remarks.add(
          "no unique index has the key (%s) of %s: of rows with the same key, one is the document"
              .formatted(table.keyNames(), table.name()));
    }
    long without = table.hasKey().isPresent() ? rowsWithoutKey(connection, table) : 0;
    if (without > 0) {
      remarks.add(
          "%d rows of %s have no value for its key (%s), so they are no documents"
              .formatted(without, table.name(), table.keyNames()));
    }
  }

  /** Nobody waits long for it: of a large table, it is not known and counts as none. */
  private static long rowsWithoutKey(Connection connection, SourceTable table) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try (var statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = '5s'");
      try (var row =
          statement.executeQuery(
              "SELECT count(*) FROM %s WHERE NOT (%s)"
                  .formatted(table.sqlName(), table.hasKey().orElseThrow()))) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      if (!SourceFaults.isImpatience(e)) {
        throw e;
      }
      connection.rollback(before);
      return 0;
    }
  }

  @Override
  public Page page(TableId table, @Nullable Condition where, @Nullable JsonNode after, int limit)
      throws SourceRefusedException {
    return snapshots.readMarked(
        table,
        where != null,
        (connection, tables, name, mark) -> {
          var messages = new RowMessages(name, clock);
          String begun = RowQuery.tableOf(after);
          for (SourceTable one : tables) {
            int order = begun == null ? 1 : one.name().toString().compareTo(begun);
            if (order < 0) {
              continue;
            }
            List<Row> rows =
                new RowQuery(one, messages, mark)
                    .page(
                        connection,
                        ConditionSql.of(where, one),
                        order == 0 ? after : null,
                        limit,
                        PAGE_BYTES);
            if (!rows.isEmpty()) {
              return new Page(mark.lsn(), rows);
            }
          }
          return new Page(mark.lsn(), List.of());
        });
  }

  @Override
  public Page rows(TableId table, Collection<DocumentId> documents) throws SourceRefusedException {
    return found(table, documents, one -> one);
  }

  @Override
  public Present present(TableId table, Collection<DocumentId> documents)
      throws SourceRefusedException {
    Page keys = found(table, documents, SourceTable::keyOnly);
    return new Present(
        keys.mark(), keys.rows().stream().map(Row::document).collect(Collectors.toSet()));
  }

  private Page found(
      TableId table, Collection<DocumentId> documents, UnaryOperator<SourceTable> shape)
      throws SourceRefusedException {
    Set<DocumentId> asked = new HashSet<>(documents);
    try {
      return found(table, asked, asked, shape);
    } catch (StrangeKeyException e) {
      Set<DocumentId> sound = snapshots.read(table, false, (c, tables) -> sound(c, tables, asked));
      return found(table, asked, sound, shape);
    }
  }

  private Page found(
      TableId table, Set<DocumentId> asked, Set<DocumentId> sound, UnaryOperator<SourceTable> shape)
      throws SourceRefusedException {
    return snapshots.readMarked(
        table,
        false,
        (connection, tables, name, mark) -> {
          var messages = new RowMessages(name, clock);
          var rows = new ArrayList<Row>();
          if (!sound.isEmpty()) {
            for (SourceTable one : tables) {
              try {
                rows.addAll(new RowQuery(shape.apply(one), messages, mark).find(connection, sound));
              } catch (IllegalArgumentException e) {
                throw new StrangeKeyException(e);
              } catch (SQLException e) {
                if (sound == asked && SourceFaults.isOfValue(e)) {
                  throw new StrangeKeyException(e);
                }
                throw e;
              }
            }
          }
          return new Page(mark.lsn(), rows);
        });
  }

  /** One of the ids is no value of the key's types. */
  private static final class StrangeKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StrangeKeyException(Throwable cause) {
      super(cause);
    }
  }

  /** Those whose texts are values of the key's types. */
  private static Set<DocumentId> sound(
      Connection connection, List<SourceTable> tables, Set<DocumentId> documents)
      throws SQLException {
    var sound = new HashSet<DocumentId>();
    for (DocumentId document : documents) {
      boolean fits = true;
      for (SourceTable table : tables) {
        fits &= KeyCheck.fits(connection, table, document);
      }
      if (fits) {
        sound.add(document);
      }
    }
    return sound;
  }

  @Override
  public ChangeMessage deletion(TableId table, DocumentId document, Lsn mark) {
    TableId documents = mappings.documentTable(table);
    TableId name = snapshots.readAs(documents);
    TableMapping mapping = mappings.configured(name).orElse(TableMappings.UNCONFIGURED);
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < mapping.key().size(); i++) {
      // A document of a former mapping may have another number of key columns.
      key.put(mapping.key().get(i), i < document.key().size() ? document.key().get(i) : "");
    }
    return new RowMessages(owner.known().orElse(SourceName.NONE), clock).deleted(name, key, mark);
  }

  @Override
  public Lsn end() throws SourceRefusedException {
    return snapshots.end();
  }

  /** Closes the connection to the source. */
  @Override
  public void close() {
    questions.close();
    snapshots.close();
  }
}
