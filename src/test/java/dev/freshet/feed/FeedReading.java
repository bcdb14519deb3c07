package dev.freshet.feed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads a feed to a known end. */
public final class FeedReading {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private FeedReading() {}

  /** Takes exactly so many messages, in as many turns as it needs. */
  public static List<Delivery> takeAll(ChangeFeed feed, int count) throws InterruptedException {
    List<Delivery> taken = new ArrayList<>();
    while (taken.size() < count) {
      List<Delivery> next = feed.take(count - taken.size(), PATIENCE);
      if (next.isEmpty()) {
        throw new AssertionError(
            "%d of %d messages came: %s".formatted(taken.size(), count, bodies(taken)));
      }
      taken.addAll(next);
    }
    return taken;
  }

  public static List<String> bodies(List<? extends Delivery> deliveries) {
    return deliveries.stream()
        .map(delivery -> new String(delivery.message().body(), StandardCharsets.UTF_8))
        .toList();
  }
}
