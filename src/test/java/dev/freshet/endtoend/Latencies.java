package dev.freshet.endtoend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times that were measured, and their distribution. */
final class Latencies {

  private final List<Duration> measured = new ArrayList<>();

  void add(Duration duration) {
    measured.add(duration);
  }

  void addAll(Latencies others) {
    measured.addAll(others.measured);
  }

  int count() {
    return measured.size();
  }

  /** The smallest one that so many percent do not exceed; 100 for the largest. */
  Duration percentile(int percent) {
    List<Duration> sorted = new ArrayList<>(measured);
    Collections.sort(sorted);
    return sorted.get(Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.size()) - 1));
  }

  /** p50, p95, p99 and the maximum, in milliseconds, as cells of a table. */
  @Override
  public String toString() {
    if (measured.isEmpty()) {
      return "none";
    }
    return "%d / %d / %d / %d"
        .formatted(
            percentile(50).toMillis(),
            percentile(95).toMillis(),
            percentile(99).toMillis(),
            percentile(100).toMillis());
  }
}
