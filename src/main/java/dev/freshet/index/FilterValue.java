package dev.freshet.index;

import java.math.BigDecimal;

/** What a filter compares a column with. */
public sealed interface FilterValue {

  /** A text; a time where it reads as one. */
  record Text(String text) implements FilterValue {

    @Override
    public String toString() {
      return text;
    }
  }

  /** A number; equal numbers are equal however they are written. */
  record Decimal(BigDecimal number) implements FilterValue {

    public Decimal {
      number = number.stripTrailingZeros();
    }

    @Override
    public String toString() {
      return number.scale() <= 0 && number.precision() - number.scale() <= 20
          ? number.toPlainString()
          : number.toString();
    }
  }

  /** A boolean. */
  record Truth(boolean value) implements FilterValue {

    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  static FilterValue of(String text) {
    return new Text(text);
  }

  static FilterValue of(long number) {
    return new Decimal(BigDecimal.valueOf(number));
  }

  static FilterValue of(BigDecimal number) {
    return new Decimal(number);
  }

  static FilterValue of(boolean value) {
    return new Truth(value);
  }
}
