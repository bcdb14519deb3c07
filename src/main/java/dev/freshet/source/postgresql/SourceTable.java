package dev.freshet.source.postgresql;

import dev.freshet.changeevent.TableId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table of the source whose rows are documents.
 *
 * @param documents the table of whose name the documents are
 * @param isPartitioned whether its rows are in partitions, which are read through it
 * @param rows about how many rows it has; not positive where that is not known
 * @param columns those that the mapping uses, and the key's
 * @param all every column
 * @param key the key's columns, in the mapping's order
 * @param order the key's columns, in the order of an index where there is one
 * @param isOrdered whether an index has them in this order
 * @param isUnique whether a unique index has these columns
 */
record SourceTable(
    TableId name,
    TableId documents,
    boolean isPartitioned,
    long rows,
    List<SourceColumn> columns,
    List<SourceColumn> all,
    List<SourceColumn> key,
    List<SourceColumn> order,
    boolean isOrdered,
    boolean isUnique) {

  SourceTable {
    columns = List.copyOf(columns);
    all = List.copyOf(all);
    key = List.copyOf(key);
    order = List.copyOf(order);
  }

  /** The same table, of which only the key is read. */
  SourceTable keyOnly() {
    return new SourceTable(
        name, documents, isPartitioned, rows, key, all, key, order, isOrdered, isUnique);
  }

  /** Tables that inherit from it are tables of their own; partitions are not. */
  String sqlName() {
    return (isPartitioned ? "" : "ONLY ") + Sql.quoted(name);
  }

  Optional<SourceColumn> column(String column) {
    return all.stream().filter(one -> one.name().equals(column)).findFirst();
  }

  /** The schemas where the comparisons of the key's types are. */
  Set<String> schemas() {
    var schemas = new LinkedHashSet<>(Set.of("pg_catalog"));
    key.forEach(column -> schemas.add(column.schema()));
    return schemas;
  }

  /** The condition that a row has a key; empty where each has one. */
  Optional<String> hasKey() {
    String condition =
        key.stream()
            .filter(SourceColumn::isNullable)
            .map(column -> column.sqlName() + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    return Optional.of(condition).filter(text -> !text.isEmpty());
  }

  String keyNames() {
    return key.stream().map(SourceColumn::name).collect(Collectors.joining(", "));
  }
}
