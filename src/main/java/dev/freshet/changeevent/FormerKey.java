package dev.freshet.changeevent;

/** Whether an event tells that a row had another key before. */
public enum FormerKey {
  /** It does, or the row has no former version. */
  TOLD,
  /**
   * It is an update without the row before it. PostgreSQL leaves that out where no column of the
   * replica identity changed, whatever became of the others.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY">REPLICA
   *     IDENTITY</a>
   */
  UNTOLD
}
