package dev.freshet.changeevent;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A position in PostgreSQL's write-ahead log: an unsigned 64-bit byte offset.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">pg_lsn</a>
 */
public record Lsn(long value) implements Comparable<Lsn> {

  private static final Pattern PG_LSN = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}");

  /** The LSN of a change at this position; empty where the position has none. */
  public static Optional<Lsn> of(Position position) {
    return position instanceof WalPosition wal ? Optional.of(wal.lsn()) : Optional.empty();
  }

  /**
   * Reads PostgreSQL's form ({@code 0/16B3748}) or Debezium's (a decimal number).
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static Lsn parse(String text) {
    var halves = PG_LSN.matcher(text);
    if (halves.matches()) {
      long high = Long.parseLong(halves.group(1), 16);
      long low = Long.parseLong(halves.group(2), 16);
      return new Lsn((high << 32) | low);
    }
    if (DECIMAL.matcher(text).matches() && new BigInteger(text).bitLength() <= Long.SIZE) {
      return new Lsn(Long.parseUnsignedLong(text));
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an LSN; write it as 0/16B3748 or as a decimal number");
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** PostgreSQL's form, such as {@code 0/16B3748}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xFFFFFFFFL);
  }
}
