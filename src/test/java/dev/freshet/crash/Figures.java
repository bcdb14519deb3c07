package dev.freshet.crash;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What a crash test did and saw. */
final class Figures {

  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Duration> slowest = new TreeMap<>();
  private long givenBack;
  private int comparisons;

  /** A fault, and how long after its end everything written before was indexed. */
  void healed(String fault, Duration after) {
    faults.merge(fault, 1, Integer::sum);
    slowest.merge(fault, after, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  void givenBack(long messages) {
    givenBack += messages;
  }

  void compared() {
    comparisons++;
  }

  String report(ChangeStream stream, long deadLetters, int differences, int documents) {
    return ("%d messages streamed, %d sent again by the source, %d given back by killed processes;"
            + " faults %s; healed at the latest after %s; %d comparisons;"
            + " left in the queue 0, dead letters %d, documents %d, documents that differ %d")
        .formatted(
            stream.published(),
            stream.repeated(),
            givenBack,
            faults,
            slowest,
            comparisons,
            deadLetters,
            documents,
            differences);
  }
}
