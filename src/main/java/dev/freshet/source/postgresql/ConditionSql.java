package dev.freshet.source.postgresql;

import dev.freshet.index.Condition;
import dev.freshet.index.FilterValue;
import dev.freshet.source.SourceRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a table's columns in SQL.
 *
 * @param sql with a parameter in the place of each value
 * @param values the parameters, as PostgreSQL reads them
 */
record ConditionSql(String sql, List<String> values) {

  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "citext", "name");

  ConditionSql {
    values = List.copyOf(values);
  }

  /**
   * @param where null for all rows
   * @throws SourceRefusedException when the condition does not fit the table
   */
  static ConditionSql of(@Nullable Condition where, SourceTable table)
      throws SourceRefusedException {
    var conditions = new ArrayList<String>();
    table.hasKey().ifPresent(conditions::add);
    var values = new ArrayList<String>();
    if (where != null) {
      for (Condition.OfColumn part : where.parts().toList()) {
        SourceColumn column =
            table
                .column(part.column())
                .orElseThrow(
                    () ->
                        new SourceRefusedException(
                            "the table %s has no column '%s', which the condition names; use one of %s"
                                .formatted(
                                    table.name(),
                                    part.column(),
                                    table.all().stream()
                                        .map(SourceColumn::name)
                                        .collect(Collectors.joining(", ")))));
        conditions.add(sql(part, column, values));
      }
    }
    return new ConditionSql(
        conditions.isEmpty() ? "true" : String.join(" AND ", conditions), values);
  }

  private static String sql(Condition.OfColumn part, SourceColumn column, List<String> values)
      throws SourceRefusedException {
    String name = column.sqlName();
    if (part instanceof Condition.IsNull) {
      return name + " IS NULL";
    }
    if (part instanceof Condition.IsNotNull) {
      return name + " IS NOT NULL";
    }
    if (part instanceof Condition.Contains contains) {
      SourceColumn element = column.element();
      if (element == null) {
        throw new SourceRefusedException(
            "the column '%s' is not an array, so that it contains nothing; use = instead of contains"
                .formatted(column.name()));
      }
      return parameter(element, contains.element(), values) + " = ANY(" + name + ")";
    }
    if (part instanceof Condition.In in) {
      var list = new ArrayList<String>();
      for (FilterValue value : in.values()) {
        list.add(parameter(column, value, values));
      }
      return name + " IN (" + String.join(", ", list) + ")";
    }
    if (part instanceof Condition.Comparison comparison) {
      String value = parameter(column, comparison.value(), values);
      return comparison.operator() == Condition.Operator.NOT_EQUAL
          ? name + " IS DISTINCT FROM " + value
          : name + " " + comparison.operator().sign() + " " + value;
    }
    throw new IllegalArgumentException("a new kind of condition: " + part.getClass());
  }

  private static String parameter(SourceColumn column, FilterValue value, List<String> values)
      throws SourceRefusedException {
    boolean isText = TEXTS.contains(column.type()) || column.isEnum();
    if (isText && value instanceof FilterValue.Decimal) {
      throw new SourceRefusedException(
          "the column '%s' holds texts, and %s is a number; put it in single quotes"
              .formatted(column.name(), value));
    }
    values.add(
        value instanceof FilterValue.Decimal decimal
            ? decimal.number().toPlainString()
            : value.toString());
    return "CAST(? AS " + column.sqlType() + ")";
  }
}
