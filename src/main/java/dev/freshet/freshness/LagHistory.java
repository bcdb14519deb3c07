package dev.freshet.freshness;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened in the last minutes, in steps of some seconds: a ring of fixed size, without the
 * single changes. It starts again with the process.
 */
public final class LagHistory {

  /** How long a step is. */
  public static final Duration STEP = Duration.ofSeconds(5);

  /** How far it reaches back. */
  public static final Duration REACH = Duration.ofMinutes(15);

  private static final int STEPS = (int) REACH.dividedBy(STEP) + 1;

  private final Clock clock;
  private final long first;
  private final @Nullable Slot[] ring = new Slot[STEPS];

  public LagHistory(Clock clock) {
    this.clock = clock;
    this.first = number(clock.instant());
  }

  /**
   * What happened in a step.
   *
   * @param at when it began
   * @param events messages that were settled, whatever became of them: heartbeats too
   * @param changes how many of them were changes of rows, or were given up
   * @param documents changes that made a document searchable, or took it away
   * @param stages every stage
   * @param searches how long searches took that were answered
   */
  public record Step(
      Instant at,
      long events,
      long changes,
      long documents,
      Map<Stage, Summary> stages,
      Summary searches) {}

  /**
   * A stage's durations; those of no change are all 0.
   *
   * @param p95Millis at most an eighth too large, and so is the other percentile
   */
  public record Summary(long count, long p50Millis, long p95Millis, long maxMillis) {

    private static Summary of(MillisHistogram histogram) {
      return new Summary(
          histogram.count(),
          histogram.percentileMillis(50),
          histogram.percentileMillis(95),
          histogram.maxMillis());
    }
  }

  private static final class Slot {

    private final long number;
    private final Map<Stage, MillisHistogram> stages = new EnumMap<>(Stage.class);
    private final MillisHistogram searches = new MillisHistogram();
    private long events;
    private long changes;
    private long documents;

    Slot(long number) {
      this.number = number;
      for (Stage stage : Stage.values()) {
        stages.put(stage, new MillisHistogram());
      }
    }

    Step step() {
      var summaries = new EnumMap<Stage, Summary>(Stage.class);
      stages.forEach((stage, histogram) -> summaries.put(stage, Summary.of(histogram)));
      return new Step(
          Instant.ofEpochSecond(number * STEP.toSeconds()),
          events,
          changes,
          documents,
          summaries,
          Summary.of(searches));
    }
  }

  /** So many messages are settled. */
  public synchronized void settled(int messages) {
    now().events += messages;
  }

  /** A message that was settled was a change of a row, or was given up. */
  public synchronized void changed() {
    now().changes++;
  }

  /** A change of a document is searchable. */
  public synchronized void indexed() {
    now().documents++;
  }

  /** A search was answered. */
  public synchronized void searched(Duration duration) {
    now().searches.record(duration);
  }

  /** A change was under way for so long. */
  public synchronized void record(Lag lag) {
    Slot slot = now();
    lag.stages().forEach((stage, duration) -> histogram(slot, stage).record(duration));
  }

  private static MillisHistogram histogram(Slot slot, Stage stage) {
    return slot.stages.computeIfAbsent(stage, missing -> new MillisHistogram());
  }

  /**
   * The steps of the last minutes, oldest first, and the one that is under way; those without any
   * event too, but none before the start.
   *
   * @param reach at most {@link #REACH}
   */
  public synchronized List<Step> steps(Duration reach) {
    long last = number(clock.instant());
    long from = Math.max(first, last - Math.min(STEPS - 1, reach.dividedBy(STEP)));
    var steps = new ArrayList<Step>();
    for (long number = from; number <= last; number++) {
      Slot slot = ring[index(number)];
      steps.add((slot == null || slot.number != number ? new Slot(number) : slot).step());
    }
    return steps;
  }

  private Slot now() {
    long number = number(clock.instant());
    Slot slot = ring[index(number)];
    if (slot == null || slot.number != number) {
      slot = new Slot(number);
      ring[index(number)] = slot;
    }
    return slot;
  }

  private static long number(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), STEP.toSeconds());
  }

  private static int index(long number) {
    return Math.floorMod(number, STEPS);
  }
}
