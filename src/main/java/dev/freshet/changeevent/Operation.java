package dev.freshet.changeevent;

/** What happened to a row, or to all rows of a table. */
public enum Operation {
  /** A row was created, updated or read by a snapshot. */
  UPSERT("upsert"),
  DELETE("delete"),
  TRUNCATE("truncate");

  private final String label;

  Operation(String label) {
    this.label = label;
  }

  /** The word that the API, metrics and traces use. */
  public String label() {
    return label;
  }
}
