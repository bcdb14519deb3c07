package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.freshness.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How fresh the index was right before an answer was looked up in it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record FreshnessBlock(
    @Nullable String asOfLsn,
    @Nullable Instant asOfTime,
    boolean exact,
    @Nullable Long lagMillis,
    @Nullable Long pending,
    @Nullable Long deadLettered,
    @Nullable Long failedDocuments,
    @Nullable Instant silentSince,
    @Nullable String note) {

  /**
   * @param besides what is not as it should be beside the watermark's own
   */
  static FreshnessBlock of(Freshness freshness, Optional<String> besides) {
    return new FreshnessBlock(
        Optional.ofNullable(freshness.asOf())
            .map(CommitPosition::lsn)
            .map(Object::toString)
            .orElse(null),
        freshness.asOfTime(),
        freshness.exact(),
        Optional.ofNullable(freshness.lag()).map(Duration::toMillis).orElse(null),
        freshness.pending(),
        freshness.deadLettered(),
        freshness.failedDocuments(),
        freshness.silentSince(),
        Optional.ofNullable(freshness.note()).or(() -> besides).orElse(null));
  }
}
