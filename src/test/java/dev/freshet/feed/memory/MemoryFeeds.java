package dev.freshet.feed.memory;

import java.time.Clock;

/** Makes feeds for tests of other packages. */
public final class MemoryFeeds {

  private MemoryFeeds() {}

  public static MemoryFeed open(int capacity) {
    var configuration = new MemoryFeedConfiguration(capacity, Integer.MAX_VALUE, capacity);
    return new MemoryFeed(configuration, new MemoryDeadLetters(configuration), Clock.systemUTC());
  }
}
