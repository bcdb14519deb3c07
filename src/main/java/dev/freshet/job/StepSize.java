package dev.freshet.job;

import java.time.Duration;

/**
 * How many rows or documents a step writes. Steps are short: a pause waits for the end of the step,
 * and a crash repeats it. For one thread.
 */
public final class StepSize {

  private static final Duration AIM = Duration.ofSeconds(2);

  /** Each step has a cost of its own, which may be large: a page without an index sorts a table. */
  private static final int FEWEST = 5;

  private static final int FIRST = 50;

  private final int most;
  private int rows;

  public StepSize(int most) {
    this.most = most;
    this.rows = Math.min(FIRST, most);
  }

  /** For the next step. */
  public int rows() {
    return rows;
  }

  /**
   * Learns from a step.
   *
   * @param written how many rows or documents it had
   * @param taken how long they took to write
   */
  public void took(int written, Duration taken) {
    long fitting = written * AIM.toNanos() / Math.max(1, taken.toNanos());
    rows = (int) Math.min(most, Math.max(FEWEST, Math.min(fitting, 2L * rows)));
  }
}
