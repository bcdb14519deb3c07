package dev.freshet.capture;

/** What helps where the engine fails at the same place again and again. */
final class WayOut {

  private WayOut() {}

  /**
   * @param failure why the slot cannot be read
   * @return empty, or what continues a sentence that tells the failure
   */
  static String of(String failure, String slot) {
    if (failure.contains("publication \"") && failure.contains("does not exist")) {
      // PostgreSQL looks for the one of the time when a change was written.
      return ". It was missing when these changes were written, so the slot can never be read beyond them."
          + " Run at the source: SELECT pg_drop_replication_slot('%s'). Freshet then makes a new slot"
              .formatted(slot)
          + " and reads all rows again";
    }
    if (failure.contains("null value for field that is required")
        || failure.contains("null used for required field")) {
      return ". A column that is NOT NULL, of a domain over numeric, has NaN or infinity, which Debezium"
          + " cannot say. Change the domain or the column, and run at the source: SELECT"
          + " pg_drop_replication_slot('%s'). Freshet then makes a new slot and reads all rows again"
              .formatted(slot);
    }
    return "";
  }
}
