package dev.freshet.capture;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;

/**
 * How the source's write-ahead log is read.
 *
 * @param slot the replication slot; made where there is none
 * @param publication made, for the mapped tables, where there is none
 * @param topicPrefix the name of the source in its events, to which the index belongs
 * @param snapshot whether the rows that are there already are read first
 * @param window how many messages are held that are not settled
 * @param windowBytes how many bytes of such messages are held; a larger message is held alone
 * @param heartbeatInterval how often a logical message is written to the source, whose return shows
 *     that nothing waits before it
 * @param retryDelay how long to wait before another attempt, and before another look whether the
 *     instance that reads has ended
 * @param publish where else what is read goes
 * @param retainedAlarm above how many bytes of log that the source keeps there is an alarm
 */
@ConfigurationProperties("freshet.capture")
record CaptureConfiguration(
    @Bindable(defaultValue = "freshet") String slot,
    @Bindable(defaultValue = "freshet") String publication,
    @Bindable(defaultValue = "freshet") String topicPrefix,
    @Bindable(defaultValue = "initial") SnapshotMode snapshot,
    @Bindable(defaultValue = "2000") int window,
    @ReadableBytes @Bindable(defaultValue = "32MB") long windowBytes,
    @Bindable(defaultValue = "1s") Duration heartbeatInterval,
    @Bindable(defaultValue = "1s") Duration retryDelay,
    @Bindable(defaultValue = "none") PublishTarget publish,
    @ReadableBytes @Bindable(defaultValue = "1GB") long retainedAlarm) {

  private static final int LONGEST_NAME = 63;
  private static final Duration MOST_INTERVAL = Duration.ofSeconds(10);

  CaptureConfiguration {
    if (!slot.matches("[a-z0-9_]{1,%d}".formatted(LONGEST_NAME))) {
      throw new IllegalArgumentException(
          "freshet.capture.slot is '%s'; PostgreSQL takes up to %d lower-case letters, digits and"
                  .formatted(slot, LONGEST_NAME)
              + " underscores");
    }
    if (publication.isEmpty() || publication.length() > LONGEST_NAME || publication.contains("'")) {
      throw new IllegalArgumentException(
          "freshet.capture.publication is '%s'; use up to %d characters without an apostrophe"
              .formatted(publication, LONGEST_NAME));
    }
    if (!topicPrefix.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "freshet.capture.topic-prefix is '%s'; use letters, digits, underscores and hyphens"
              .formatted(topicPrefix));
    }
    requirePositive("window", window);
    requirePositive("window-bytes", windowBytes);
    requirePositive("heartbeat-interval", heartbeatInterval.toMillis());
    if (heartbeatInterval.compareTo(MOST_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "freshet.capture.heartbeat-interval is %d s; use %d s at most: what is told of freshness is"
                  .formatted(heartbeatInterval.toSeconds(), MOST_INTERVAL.toSeconds())
              + " as old as a heartbeat");
    }
    requirePositive("retry-delay", retryDelay.toMillis());
    requirePositive("retained-alarm", retainedAlarm);
  }

  private static void requirePositive(String key, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "freshet.capture.%s is %d; use a value above zero".formatted(key, value));
    }
  }
}
