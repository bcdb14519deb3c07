package dev.freshet.deadletter;

/**
 * What became of replayed dead letters.
 *
 * @param succeeded how many are indexed now
 * @param stale how many were older than what is indexed, which stays
 * @param ignored how many have no bearing on the index, such as those of a table without a mapping
 * @param failed how many failed again; they are dead letters as before, at the end
 * @param remaining how many dead letters this call did not come to
 */
public record ReplayReport(int succeeded, int stale, int ignored, int failed, long remaining) {

  static final ReplayReport NOTHING = new ReplayReport(0, 0, 0, 0, 0);

  /** How many came to an end. */
  int handled() {
    return succeeded + stale + ignored + failed;
  }

  /** Both together, of which the other came later. */
  ReplayReport and(ReplayReport later) {
    return new ReplayReport(
        succeeded + later.succeeded,
        stale + later.stale,
        ignored + later.ignored,
        failed + later.failed,
        later.remaining);
  }
}
