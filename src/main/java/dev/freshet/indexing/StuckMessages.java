package dev.freshet.indexing;

import dev.freshet.feed.Delivery;
import dev.freshet.indexing.Batch.Faulty;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages that can neither be indexed nor be put away: putting them away fails by a fault of its
 * own. They stay unacknowledged and hold the watermark back, the others go on, and now and then it
 * is tried again.
 */
final class StuckMessages {

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMinutes(1);

  private final Map<Delivery, Faulty> messages = new LinkedHashMap<>();
  private Instant next = Instant.MAX;

  synchronized void add(Faulty faulty, Instant now) {
    messages.put(faulty.delivery(), faulty);
    next = now.plus(BETWEEN_ATTEMPTS);
  }

  synchronized void leave(Delivery delivery) {
    messages.remove(delivery);
  }

  synchronized boolean isDue(Instant now) {
    return !messages.isEmpty() && !now.isBefore(next);
  }

  synchronized List<Faulty> all() {
    return List.copyOf(messages.values());
  }

  synchronized int size() {
    return messages.size();
  }

  synchronized void clear() {
    messages.clear();
  }
}
