package dev.freshet.freshness;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A part of a change's way, named by its end. */
public enum Stage {
  /** From the commit until Debezium captured it. */
  CAPTURED,
  /** From then until Freshet received it. */
  RECEIVED,
  /** From then until its segments were embedded, where that happens here. */
  EMBEDDED,
  /** From then, or from the receipt where nothing was embedded, until it was searchable. */
  SEARCHABLE,
  /** From the commit until it was searchable. */
  TOTAL;

  /** The word in metrics and answers. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
