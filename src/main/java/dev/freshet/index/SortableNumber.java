package dev.freshet.index;

import java.math.BigDecimal;

/**
 * Writes numbers as texts that are equal for equal numbers and sort as these do, digit for digit.
 */
final class SortableNumber {

  private static final String NEGATIVE = "0";
  private static final String ZERO = "1";
  private static final String POSITIVE = "2";

  /** Keeps the exponent positive, and of one length. */
  private static final int SHIFT = 500_000;

  private static final int LARGEST_EXPONENT = 400_000;

  private SortableNumber() {}

  static String of(BigDecimal number) {
    if (number.signum() == 0) {
      return ZERO;
    }
    BigDecimal shortest = number.abs().stripTrailingZeros();
    long exponent = (long) shortest.precision() - shortest.scale();
    if (Math.abs(exponent) > LARGEST_EXPONENT) {
      throw new IllegalArgumentException("the number's exponent is out of range");
    }
    String text = SHIFT + exponent + shortest.unscaledValue().toString();
    return number.signum() > 0 ? POSITIVE + text : NEGATIVE + complement(text) + '~';
  }

  /** What is larger comes first; the end is larger than any digit. */
  private static String complement(String digits) {
    var complement = new StringBuilder(digits.length());
    digits.chars().forEach(digit -> complement.append((char) ('9' - digit + '0')));
    return complement.toString();
  }
}
