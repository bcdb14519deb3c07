package dev.freshet.feed.memory;

import java.time.Clock;

/** Makes feeds for tests of other packages. */
public final class MemoryFeeds {

  private MemoryFeeds() {}

  public static MemoryFeed open(int capacity) {
    return new MemoryFeed(
        new MemoryFeedConfiguration(capacity, Integer.MAX_VALUE, capacity), Clock.systemUTC());
  }
}
