package dev.freshet.indexing;

import dev.freshet.feed.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts what was taken into batches of bounded size, in order. */
final class Parts {

  private Parts() {}

  /**
   * Cuts.
   *
   * @param fullBytes a batch of this many bytes or more takes no further message
   */
  static Deque<List<Delivery>> of(List<Delivery> deliveries, long fullBytes) {
    var parts = new ArrayDeque<List<Delivery>>();
    var part = new ArrayList<Delivery>();
    long bytes = 0;
    for (Delivery delivery : deliveries) {
      part.add(delivery);
      bytes += delivery.message().size();
      if (bytes >= fullBytes) {
        parts.add(List.copyOf(part));
        part.clear();
        bytes = 0;
      }
    }
    if (!part.isEmpty()) {
      parts.add(List.copyOf(part));
    }
    return parts;
  }
}
