package dev.freshet.job;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a job does. */
public enum JobKind {
  BACKFILL("backfill"),
  DRIFT_CHECK("drift-check"),
  REINDEX("reindex");

  private final String label;

  JobKind(String label) {
    this.label = label;
  }

  /** The word that the API, the log and the metrics use. */
  @JsonValue
  public String label() {
    return label;
  }
}
