package dev.freshet.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How messages come to two instances that take from one queue.
 *
 * @param seed of everything that is left to chance
 * @param reach how far a message may stray from its place
 * @param duplicates how many of a hundred messages come twice
 * @param crashes how many of a hundred batches are applied and not acknowledged, so that they come
 *     again
 * @param races how many of a hundred batches have another instance's batch applied while they are
 *     decided
 */
public record Disorder(long seed, int reach, int duplicates, int crashes, int races) {

  /** The messages in the order of their delivery. */
  <T> List<T> deliveries(List<T> messages, Random random) {
    record Placed<T>(T message, int place) {}
    var placed = new ArrayList<Placed<T>>();
    for (int i = 0; i < messages.size(); i++) {
      int times = random.nextInt(100) < duplicates ? 2 : 1;
      for (int time = 0; time < times; time++) {
        placed.add(new Placed<>(messages.get(i), i + random.nextInt(reach + 1)));
      }
    }
    placed.sort((left, right) -> Integer.compare(left.place(), right.place()));
    return placed.stream().map(Placed::message).toList();
  }
}
