package dev.freshet.source.postgresql;

import java.math.BigDecimal;

/** The form of numbers whose column has no scale. */
public final class Numerics {

  private Numerics() {}

  /** The shortest form without an exponent, which Debezium's messages have. */
  public static BigDecimal withoutZeros(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }
}
