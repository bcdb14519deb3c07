package dev.freshet.freshness;

import dev.freshet.PlausibleTime;
import dev.freshet.feed.FeedStatus;
import dev.freshet.ledger.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of the index and its source at one moment, and what that tells.
 *
 * @param pending messages that wait or are being applied, and may be changes; null while the queue
 *     cannot be asked
 * @param heard when a message came last; null when none did since the start
 * @param silence how long nothing may come before the source counts as silent
 */
record Observation(
    PublishedWatermark published,
    FeedStatus feed,
    @Nullable Long pending,
    @Nullable Instant heard,
    Duration silence,
    Instant now) {

  /** When the newest transaction that was applied was committed, where that is believed. */
  Optional<Instant> asOfTime() {
    return Optional.ofNullable(published.watermark())
        .map(Watermark::commitTime)
        .filter(time -> PlausibleTime.isPlausible(time, now));
  }

  /** Since when nothing has come, where that is long; null also when nothing ever did. */
  @Nullable Instant silentSince() {
    return isSilent() ? heard : null;
  }

  private boolean isSilent() {
    return heard == null || heard.plus(silence).isBefore(now);
  }

  /**
   * The age of the newest commit that was applied while others wait. With nothing waiting it is
   * zero, but only while the source is heard. Null where it is not known.
   */
  @Nullable Duration lag() {
    if (pending == null) {
      return null;
    }
    if (pending == 0) {
      return isSilent() ? null : Duration.ZERO;
    }
    Duration age = asOfTime().map(time -> Duration.between(time, now)).orElse(null);
    return age != null && age.isNegative() ? Duration.ZERO : age;
  }

  /** One sentence on what is not as it should be; null while all is well. */
  @Nullable String note() {
    if (published.obstacle() != null) {
      return published.obstacle();
    }
    if (pending == null) {
      return "how many messages wait is not known: " + feed.description();
    }
    if (pending > 0) {
      return asOfTime().isPresent()
          ? null
          : "messages wait, and none that says when it was committed has been applied yet";
    }
    return isSilent() ? silent() : null;
  }

  private String silent() {
    return "nothing has come from the source since "
        + (heard == null ? "the start" : heard)
        + ": either nothing was written, or its capture has stopped; a heartbeat would tell";
  }
}
