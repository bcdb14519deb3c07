package dev.freshet.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a job stands. */
public enum JobState {
  /** It waits for its turn: one job runs at a time. */
  QUEUED,
  RUNNING,
  /** The source or the index does not answer, or consumption is paused; it goes on by itself. */
  WAITING,
  /** Somebody has paused it. */
  PAUSED,
  /** It has done all. */
  DONE,
  FAILED,
  CANCELLED;

  /** Whether nothing more happens to it. */
  public boolean ended() {
    return this == DONE || this == FAILED || this == CANCELLED;
  }

  /** The word that the API, the log and the metrics use. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
