package dev.freshet.source.postgresql;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.source.SourceRefusedException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the tables whose rows are the documents of a mapped table, and what they look like. */
final class Catalog {

  /** A partition is found by its root, unless only the partition is mapped. */
  private static final String RELATIONS =
      """
      SELECT c.oid::text, n.nspname, c.relname, c.relkind = 'p',
        CASE WHEN c.relkind = 'p'
          THEN (SELECT sum(leaf.reltuples) FROM pg_partition_tree(c.oid) tree
                JOIN pg_class leaf ON leaf.oid = tree.relid WHERE tree.isleaf)
          ELSE c.reltuples END::bigint,
        has_schema_privilege(n.oid, 'USAGE'), has_any_column_privilege(c.oid, 'SELECT'),
        CASE WHEN c.relispartition
          THEN ARRAY(SELECT relid::oid::text FROM pg_partition_ancestors(c.oid)) ELSE '{}' END
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
      """;

  private static final String COLUMNS =
      """
      WITH RECURSIVE resolved AS (
        SELECT a.attnum, a.atttypid AS type, a.atttypmod AS modifier
        FROM pg_attribute a
        WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT r.attnum, t.typbasetype,
          CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE r.modifier END
        FROM resolved r JOIN pg_type t ON t.oid = r.type
        WHERE t.typtype = 'd')
      SELECT a.attname, NOT a.attnotnull, a.attgenerated <> '', n.nspname, t.typname,
        t.typtype = 'e', r.modifier, en.nspname, e.typname, e.typtype = 'e'
      FROM resolved r
      JOIN pg_attribute a ON a.attrelid = ?::oid AND a.attnum = r.attnum
      JOIN pg_type t ON t.oid = r.type AND t.typtype <> 'd'
      JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
      LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
      ORDER BY r.attnum
      """;

  /** Indexes that give the order of their columns, which is that of the columns' own collations. */
  private static final String INDEXES =
      """
      SELECT i.indisunique,
        ARRAY(SELECT a.attname::text
              FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
              WHERE k.place <= i.indnkeyatts ORDER BY k.place),
        NOT EXISTS (
          SELECT FROM generate_series(0, i.indnkeyatts - 1) place
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place]
          JOIN pg_opclass o ON o.oid = i.indclass[place]
          WHERE i.indoption[place] <> i.indoption[0] OR NOT o.opcdefault
            OR i.indcollation[place] <> a.attcollation)
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_am m ON m.oid = c.relam
      WHERE i.indrelid = ?::oid AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND m.amname = 'btree'
      ORDER BY i.indisprimary DESC, i.indisunique DESC, c.relname
      """;

  private final TableMappings mappings;

  Catalog(TableMappings mappings) {
    this.mappings = mappings;
  }

  private record Relation(
      String oid,
      TableId name,
      boolean isPartitioned,
      long rows,
      boolean usable,
      boolean readable) {}

  private record Index(boolean isUnique, List<String> columns, boolean isOrdered) {}

  /**
   * The tables of a table's documents: it, or those that a pattern gives it. They are in the order
   * of their names as {@link TableId} compares them, which is the order of the pages.
   *
   * @param asked a table of documents, or one whose rows are such
   */
  List<SourceTable> tables(Connection source, TableId asked)
      throws SQLException, SourceRefusedException {
    TableId documents = mappings.documentTable(asked);
    if (mappings.areConfigured() && !mappings.tables().contains(documents)) {
      throw new SourceRefusedException(
          "the table %s is not mapped; name one of %s, or map it in freshet.tables"
              .formatted(asked, mappings.tables()));
    }
    var found = new ArrayList<SourceTable>();
    for (Relation relation : relations(source, documents)) {
      found.add(table(source, relation, documents));
    }
    if (found.isEmpty()) {
      throw new SourceRefusedException(
          "the source has no table %s; see that freshet.source.url leads to the database that has it, and"
                  .formatted(documents)
              + " that the name is written as in the catalog");
    }
    return found;
  }

  private List<Relation> relations(Connection source, TableId documents)
      throws SQLException, SourceRefusedException {
    Map<String, Relation> found = new LinkedHashMap<>();
    Map<String, Set<String>> ancestors = new LinkedHashMap<>();
    try (var statement = source.createStatement();
        var rows = statement.executeQuery(RELATIONS)) {
      while (rows.next()) {
        var name = new TableId(rows.getString(2), rows.getString(3));
        if (mappings.documentTable(name).equals(documents)) {
          found.put(rows.getString(1), relation(rows, name));
          ancestors.put(rows.getString(1), new HashSet<>(texts(rows, 8)));
        }
      }
    }
    ancestors.forEach(
        (oid, above) -> {
          above.remove(oid);
          above.retainAll(ancestors.keySet());
          if (!above.isEmpty()) {
            found.remove(oid);
          }
        });
    for (Relation relation : found.values()) {
      requireReadable(source, relation);
    }
    return found.values().stream().sorted(Comparator.comparing(Relation::name)).toList();
  }

  private static Relation relation(ResultSet row, TableId name) throws SQLException {
    return new Relation(
        row.getString(1),
        name,
        row.getBoolean(4),
        row.getLong(5),
        row.getBoolean(6),
        row.getBoolean(7));
  }

  private static void requireReadable(Connection source, Relation relation)
      throws SQLException, SourceRefusedException {
    if (relation.usable() && relation.readable()) {
      return;
    }
    String user = source.getMetaData().getUserName();
    throw new SourceRefusedException(
        relation.usable()
            ? "the user %s of freshet.source.url may not read %s; let its owner run: GRANT SELECT ON %s TO %s"
                .formatted(user, relation.name(), Sql.quoted(relation.name()), Sql.quoted(user))
            : "the user %s of freshet.source.url may not use the schema %s; let its owner run: GRANT USAGE ON SCHEMA %s TO %s"
                .formatted(
                    user,
                    relation.name().schema(),
                    Sql.quoted(relation.name().schema()),
                    Sql.quoted(user)));
  }

  private SourceTable table(Connection source, Relation relation, TableId documents)
      throws SQLException, SourceRefusedException {
    TableMapping mapping = mappings.configured(relation.name()).orElse(TableMappings.UNCONFIGURED);
    List<SourceColumn> all = columns(source, relation.oid());
    var key = new ArrayList<SourceColumn>();
    for (String column : mapping.key()) {
      key.add(keyColumn(relation.name(), column, all));
    }
    List<SourceColumn> used =
        all.stream()
            .filter(
                column ->
                    key.contains(column) || (mapping.uses(column.name()) && !column.isGenerated()))
            .toList();
    List<Index> indexes = indexes(source, relation.oid());
    List<SourceColumn> order = order(key, indexes);
    return new SourceTable(
        relation.name(),
        documents,
        relation.isPartitioned(),
        relation.rows(),
        used,
        all,
        key,
        order.isEmpty() ? key : order,
        !order.isEmpty(),
        indexes.stream()
            .anyMatch(index -> index.isUnique() && mapping.key().containsAll(index.columns())));
  }

  private static SourceColumn keyColumn(TableId table, String name, List<SourceColumn> all)
      throws SourceRefusedException {
    SourceColumn column =
        all.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new SourceRefusedException(
                        "the table %s has no column '%s', which is its key; name its key columns in freshet.tables.%s.key"
                            .formatted(table, name, table)));
    if (!KeyTexts.takes(column)) {
      throw new SourceRefusedException(
          "the key column '%s' of %s has the type %s, whose values cannot be looked up by the id of a document; choose another key in freshet.tables.%s.key"
              .formatted(name, table, column.type(), table));
    }
    return column;
  }

  private static List<SourceColumn> order(List<SourceColumn> key, List<Index> indexes) {
    for (Index index : indexes) {
      if (index.isOrdered() && index.columns().size() >= key.size()) {
        List<String> first = index.columns().subList(0, key.size());
        var ordered = new ArrayList<SourceColumn>();
        for (String name : first) {
          key.stream().filter(column -> column.name().equals(name)).forEach(ordered::add);
        }
        if (ordered.size() == key.size()) {
          return ordered;
        }
      }
    }
    return List.of();
  }

  private static List<SourceColumn> columns(Connection source, String oid) throws SQLException {
    var columns = new ArrayList<SourceColumn>();
    try (var statement = source.prepareStatement(COLUMNS)) {
      statement.setString(1, oid);
      statement.setString(2, oid);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          int modifier = row.getInt(7);
          String element = row.getString(9);
          columns.add(
              new SourceColumn(
                  name,
                  row.getBoolean(2),
                  row.getBoolean(3),
                  row.getString(4),
                  row.getString(5),
                  row.getBoolean(6),
                  modifier,
                  element == null
                      ? null
                      : new SourceColumn(
                          name,
                          true,
                          false,
                          row.getString(8),
                          element,
                          row.getBoolean(10),
                          modifier,
                          null)));
        }
      }
    }
    return columns;
  }

  private static List<Index> indexes(Connection source, String oid) throws SQLException {
    var indexes = new ArrayList<Index>();
    try (var statement = source.prepareStatement(INDEXES)) {
      statement.setString(1, oid);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          indexes.add(new Index(row.getBoolean(1), texts(row, 2), row.getBoolean(3)));
        }
      }
    }
    return indexes;
  }

  private static List<String> texts(ResultSet row, int column) throws SQLException {
    var texts = new ArrayList<String>();
    for (Object text : (Object[]) row.getArray(column).getArray()) {
      texts.add(String.valueOf(text));
    }
    return texts;
  }
}
