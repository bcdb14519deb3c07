package dev.freshet.feed.memory;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;

/**
 * How much the feed in memory holds.
 *
 * @param capacity how many messages may wait or be in work
 * @param capacityBytes how many bytes of messages may wait or be in work, and how many those that
 *     are kept as dead letters may have; a larger message is held alone
 * @param deadLetters how many dead letters are kept; the oldest goes first
 */
@ConfigurationProperties("freshet.memory")
record MemoryFeedConfiguration(
    @Bindable(defaultValue = "10000") int capacity,
    @ReadableBytes @Bindable(defaultValue = "32MB") long capacityBytes,
    @Bindable(defaultValue = "1000") int deadLetters) {

  MemoryFeedConfiguration {
    requireAtLeastOne("capacity", capacity);
    requireAtLeastOne("capacity-bytes", capacityBytes);
    requireAtLeastOne("dead-letters", deadLetters);
  }

  private static void requireAtLeastOne(String key, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "freshet.memory.%s is %d; set it to at least 1".formatted(key, value));
    }
  }
}
