package dev.freshet.changeevent;

/**
 * Orders the versions of one row. Of two events for a row the one whose position supersedes the
 * other's is newer, in whatever order they arrive.
 */
public sealed interface Position permits WalPosition, ArrivalPosition {

  /** Whether an event at this position is newer than one that was applied at {@code applied}. */
  boolean supersedes(Position applied);

  /**
   * Whether neither is newer. Two events of one change stand at one place, whatever else their
   * positions tell of them, such as the time.
   */
  default boolean coincides(Position other) {
    return !supersedes(other) && !other.supersedes(this);
  }

  /**
   * Whether it stands before one that was applied, and yet was committed after it: then the source
   * has started its LSN again, as a restored or replaced cluster does.
   */
  boolean contradicts(Position applied);

  /**
   * A text that {@link #parse} reads. Its first character names the kind. Byte by byte it is in the
   * order of positions, but for snapshots' reads and what was committed right after them.
   */
  String sortKey();

  /**
   * @throws IllegalArgumentException when the text is no {@link #sortKey}
   */
  static Position parse(String sortKey) {
    return switch (sortKey.isEmpty() ? ' ' : sortKey.charAt(0)) {
      case WalPosition.KIND -> WalPosition.parse(sortKey);
      case ArrivalPosition.KIND -> ArrivalPosition.parse(sortKey);
      default -> throw new IllegalArgumentException("'" + sortKey + "' is not a position");
    };
  }
}
