package dev.freshet.index;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.Stream;

/**
 * A condition on a document's metadata. A document without the column satisfies {@code !=} and
 * {@code is null} only. A value is compared with values of its own type: texts, numbers, booleans
 * and, where both texts are times, instants, whatever their form. A boolean equals the text that
 * says it.
 */
public sealed interface Condition {

  /** A condition on one column. */
  sealed interface OfColumn extends Condition {
    String column();
  }

  /** How a column is compared. */
  enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    GREATER(">"),
    AT_LEAST(">="),
    LESS("<"),
    AT_MOST("<=");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  /** The column's value stands so to this one. Booleans have no order. */
  record Comparison(String column, Operator operator, FilterValue value) implements OfColumn {

    public Comparison {
      boolean equality = operator == Operator.EQUAL || operator == Operator.NOT_EQUAL;
      if (!equality && value instanceof FilterValue.Truth) {
        throw new IllegalArgumentException("true and false have no order");
      }
    }

    @Override
    public String toString() {
      return column + " " + operator.sign() + " " + value;
    }
  }

  /** The column's value is one of these. */
  record In(String column, List<FilterValue> values) implements OfColumn {

    public In {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream().map(String::valueOf).collect(joining(", ", column + " in (", ")"));
    }
  }

  /** The column is an array, and this is one of its elements. */
  record Contains(String column, FilterValue element) implements OfColumn {

    @Override
    public String toString() {
      return column + " contains " + element;
    }
  }

  /** The column is NULL, or the document has none of that name. */
  record IsNull(String column) implements OfColumn {

    @Override
    public String toString() {
      return column + " is null";
    }
  }

  /** The column has a value. */
  record IsNotNull(String column) implements OfColumn {

    @Override
    public String toString() {
      return column + " is not null";
    }
  }

  /** Each of these holds. */
  record All(List<Condition> conditions) implements Condition {

    public All {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String toString() {
      return conditions.stream().map(String::valueOf).collect(joining(" and "));
    }
  }

  /** This and that. */
  default Condition and(Condition other) {
    List<Condition> parts =
        Stream.of(this, other).flatMap(Condition::parts).map(Condition.class::cast).toList();
    return new All(parts);
  }

  /** The conditions that must all hold. */
  default Stream<OfColumn> parts() {
    return this instanceof All all
        ? all.conditions().stream().flatMap(Condition::parts)
        : Stream.of((OfColumn) this);
  }
}
