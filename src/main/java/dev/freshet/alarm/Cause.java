package dev.freshet.alarm;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why there is an alarm; what explains others stands before them. */
public enum Cause {
  /** The loop is over, by a fault of its own. */
  CONSUMPTION_ENDED(Effect.STOPS_MESSAGES),
  /** There is no connection to the feed. */
  FEED_DISCONNECTED(Effect.STOPS_MESSAGES),
  /** The source keeps much of its log for the feed, or is about to give it up. */
  LOG_RETAINED(Effect.NONE),
  /** The broker lets nobody publish, so that no change arrives. */
  FEED_BLOCKED(Effect.STOPS_MESSAGES),
  /** The feed is connected, and does not answer. */
  FEED_SILENT(Effect.DELAYS_CHANGES),
  /** The index does not answer. */
  INDEX_SILENT(Effect.DELAYS_CHANGES),
  /** One batch is tried again and again. */
  CONSUMPTION_STALLED(Effect.STOPS_MESSAGES),
  /** Somebody wants nothing to be consumed. */
  CONSUMPTION_PAUSED(Effect.STOPS_MESSAGES),
  /** Positions of the source went back. */
  SOURCE_RESTARTED(Effect.DELAYS_CHANGES),
  /** Another source than the index's sends changes. */
  OTHER_SOURCE(Effect.NONE),
  /** Messages come, and the watermark cannot follow them. */
  WATERMARK_HELD(Effect.DELAYS_CHANGES),
  /** Heartbeats came from the source, and come no longer. */
  HEARTBEAT_STOPPED(Effect.DELAYS_CHANGES),
  /** A probe row was not found in time. */
  CANARY_FAILING(Effect.NONE),
  /** Messages came that no binding takes. */
  UNROUTED(Effect.NONE),
  /** Messages left the queue without a trace, or would not be seen to. */
  WATERMARK_INEXACT(Effect.NONE),
  /** Changes were given up. */
  DEAD_LETTERS(Effect.NONE);

  private enum Effect {
    STOPS_MESSAGES,
    DELAYS_CHANGES,
    NONE
  }

  private final Effect effect;

  Cause(Effect effect) {
    this.effect = effect;
  }

  /** The word in answers and metrics. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a change that was committed may take longer for it, or never become searchable. */
  public boolean delaysChanges() {
    return effect != Effect.NONE;
  }

  /** Whether it explains that nothing is heard of the source. */
  boolean stopsMessages() {
    return effect == Effect.STOPS_MESSAGES;
  }
}
