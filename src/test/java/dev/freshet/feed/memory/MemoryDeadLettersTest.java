package dev.freshet.feed.memory;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.DeadLettersContract;
import java.time.Clock;

class MemoryDeadLettersTest extends DeadLettersContract {

  private final MemoryFeedConfiguration configuration =
      new MemoryFeedConfiguration(1_000, 1_000_000, 1_000);
  private final MemoryDeadLetters deadLetters = new MemoryDeadLetters(configuration);

  @Override
  protected ChangeFeed createFeed() {
    return new MemoryFeed(configuration, deadLetters, Clock.systemUTC());
  }

  @Override
  protected DeadLetters deadLetters() {
    return deadLetters;
  }
}
