package dev.freshet.changeevent;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The position of an event of PostgreSQL's write-ahead log.
 *
 * <p>{@code source.lsn} alone is no order of row versions: a transaction that waited in a unique
 * check for another one which deletes the key carries a smaller LSN than the delete it follows.
 * Debezium's {@code source.sequence}, {@code ["s0","s1"]}, tells them apart: {@code s0} is the end
 * of the last commit before this transaction, {@code s1} the event's own LSN. The order is that of
 * the tuple {@code (epoch, s0 ?? s1, snapshot ? 0 : 1, s1)}.
 *
 * <p>With one exception: before the first commit {@code s0} is null, and {@code s1} of a
 * transaction that was under way when the snapshot began lies before the snapshot that does not see
 * it. Between such an event and a snapshot's read the times decide: what was committed after the
 * snapshot began is newer.
 *
 * @param epoch counts how often the source started its LSN again
 * @param lastCommit {@code s0}; null until the first commit after a start from a new snapshot
 * @param snapshot whether the event is a read ({@code op} r)
 * @param lsn {@code s1}
 * @param time when the transaction was committed or the snapshot began, to the millisecond; null
 *     where the event does not say
 */
public record WalPosition(
    int epoch, @Nullable Lsn lastCommit, boolean snapshot, Lsn lsn, @Nullable Instant time)
    implements Position, Comparable<WalPosition> {

  static final char KIND = 'W';

  /** How far the source's clock may be set back, or run behind that of its standby. */
  private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

  private static final Pattern SORT_KEY =
      Pattern.compile(
          "W([0-9A-F]{8})\\.([0-9A-F]{16})\\.([01])\\.([0-9A-F]{16})\\.([cn])([0-9A-F]{16})?");

  private static final Comparator<WalPosition> ORDER =
      Comparator.comparingInt(WalPosition::epoch)
          .thenComparing(WalPosition::lead)
          .thenComparing(position -> !position.snapshot)
          .thenComparing(WalPosition::lsn);

  public WalPosition {
    if (epoch < 0) {
      throw new IllegalArgumentException("the epoch is negative: " + epoch);
    }
    time = time == null ? null : time.truncatedTo(ChronoUnit.MILLIS);
  }

  /** A position of which no time is known. */
  public WalPosition(int epoch, @Nullable Lsn lastCommit, boolean snapshot, Lsn lsn) {
    this(epoch, lastCommit, snapshot, lsn, null);
  }

  /** The same position, had the source started its LSN again that often. */
  public WalPosition withEpoch(int other) {
    return new WalPosition(other, lastCommit, snapshot, lsn, time);
  }

  static WalPosition parse(String sortKey) {
    var parts = SORT_KEY.matcher(sortKey);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + sortKey + "' is not a position");
    }
    return new WalPosition(
        Integer.parseInt(parts.group(1), 16),
        "c".equals(parts.group(5)) ? hexadecimal(parts.group(2)) : null,
        "0".equals(parts.group(3)),
        hexadecimal(parts.group(4)),
        parts.group(6) == null
            ? null
            : Instant.ofEpochMilli(Long.parseUnsignedLong(parts.group(6), 16)));
  }

  private static Lsn hexadecimal(String text) {
    return new Lsn(Long.parseUnsignedLong(text, 16));
  }

  @Override
  public boolean supersedes(Position applied) {
    return !(applied instanceof WalPosition other) || compareTo(other) > 0;
  }

  @Override
  public int compareTo(WalPosition other) {
    boolean undecided =
        lastCommit == null && other.lastCommit == null && snapshot != other.snapshot;
    if (!undecided || epoch != other.epoch) {
      return ORDER.compare(this, other);
    }
    return snapshot ? -other.compareToRead(this) : compareToRead(other);
  }

  /** Of a streamed event before the first commit: where nothing says when, it is the newer. */
  private int compareToRead(WalPosition read) {
    return time == null || read.time == null || !time.isBefore(read.time) ? 1 : -1;
  }

  /**
   * A commit, and the start of a whole snapshot, that comes later has a higher position, unless the
   * source started its LSN again. Other reads tell when the row was read, which proves nothing.
   */
  @Override
  public boolean contradicts(Position applied) {
    return applied instanceof WalPosition other
        && (!snapshot || lastCommit == null)
        && epoch == other.epoch
        && time != null
        && other.time != null
        && compareTo(other) < 0
        && time.isAfter(other.time.plus(CLOCK_STEP));
  }

  /**
   * All that was committed up to here was sent before this event of the stream, whose own
   * transaction is committed later.
   */
  Lsn committedBefore() {
    return lastCommit == null || lsn.compareTo(lastCommit) > 0 ? lsn : lastCommit;
  }

  private Lsn lead() {
    return lastCommit == null ? lsn : lastCommit;
  }

  @Override
  public String sortKey() {
    return String.format(
        Locale.ROOT,
        "%c%08X.%016X.%d.%016X.%c%s",
        KIND,
        epoch,
        lead().value(),
        snapshot ? 0 : 1,
        lsn.value(),
        lastCommit == null ? 'n' : 'c',
        time == null ? "" : String.format(Locale.ROOT, "%016X", time.toEpochMilli()));
  }
}
