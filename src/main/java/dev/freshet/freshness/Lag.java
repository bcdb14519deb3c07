package dev.freshet.freshness;

import dev.freshet.PlausibleTime;
import dev.freshet.changeevent.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a change was under way.
 *
 * @param stages those of which both ends are known and {@linkplain PlausibleTime believed}; never
 *     negative, whatever the clocks of several machines say
 */
public record Lag(Map<Stage, Duration> stages) {

  public Lag {
    stages = Map.copyOf(stages);
  }

  /**
   * Measures.
   *
   * @param embeddedAt null where nothing was embedded
   */
  public static Lag of(Origin origin, @Nullable Instant embeddedAt, Instant searchableAt) {
    Instant committed = PlausibleTime.orNull(origin.committedAt(), searchableAt);
    Instant captured = PlausibleTime.orNull(origin.capturedAt(), searchableAt);
    Instant received = PlausibleTime.orNull(origin.receivedAt(), searchableAt);
    var stages = new EnumMap<Stage, Duration>(Stage.class);
    put(stages, Stage.CAPTURED, committed, captured);
    put(stages, Stage.RECEIVED, captured, received);
    put(stages, Stage.EMBEDDED, received, embeddedAt);
    put(stages, Stage.SEARCHABLE, embeddedAt == null ? received : embeddedAt, searchableAt);
    put(stages, Stage.TOTAL, committed, searchableAt);
    return new Lag(stages);
  }

  private static void put(
      Map<Stage, Duration> stages, Stage stage, @Nullable Instant from, @Nullable Instant to) {
    if (from != null && to != null) {
      Duration between = Duration.between(from, to);
      stages.put(stage, between.isNegative() ? Duration.ZERO : between);
    }
  }
}
