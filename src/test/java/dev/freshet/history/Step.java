package dev.freshet.history;

/**
 * Something that happens to a table.
 *
 * @param key the row that it happens to
 * @param otherKey where the row goes when its key changes
 * @param withText whether the large value changes too; where it does not, the event leaves it out
 * @param commits whether the transaction ends with it
 */
public record Step(Kind kind, int key, int otherKey, boolean withText, boolean commits) {

  /** What happens. One that is impossible now does not happen. */
  public enum Kind {
    INSERT,
    UPDATE,
    CHANGE_KEY,
    DELETE,
    /** A delete, and the insert of another transaction that waited for it in a unique check. */
    DELETE_AND_WAITING_INSERT,
    TRUNCATE,
    SNAPSHOT,
    /** A snapshot that does not see an update which was under way when it began. */
    SNAPSHOT_DURING_UPDATE,
    INCREMENTAL_SNAPSHOT
  }
}
