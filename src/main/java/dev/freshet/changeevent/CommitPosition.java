package dev.freshet.changeevent;

import java.util.Comparator;

/**
 * A place in the sequence of the source's commits: a commit is before it when its record in the
 * write-ahead log ends there or earlier.
 *
 * @param epoch counts how often the source started its LSN again
 */
public record CommitPosition(int epoch, Lsn lsn) implements Comparable<CommitPosition> {

  private static final Comparator<CommitPosition> ORDER =
      Comparator.comparingInt(CommitPosition::epoch).thenComparing(CommitPosition::lsn);

  @Override
  public int compareTo(CommitPosition other) {
    return ORDER.compare(this, other);
  }

  /** Whether every commit before {@code other} is before this place too. */
  public boolean reaches(CommitPosition other) {
    return compareTo(other) >= 0;
  }
}
