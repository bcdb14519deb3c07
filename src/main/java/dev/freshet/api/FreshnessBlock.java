package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.freshness.Freshness;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How fresh the index was right before an answer was looked up in it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({
  "asOfLsn",
  "asOfTime",
  "exact",
  "lagMillis",
  "pending",
  "deadLettered",
  "failedDocuments",
  "silentSince",
  "note"
})
@Schema(
    name = "Freshness",
    description = "How fresh the index was right before the answer was looked up in it.")
record FreshnessBlock(
    @Schema(
            description =
                "The watermark: every commit before this position was applied, or is known to have"
                    + " failed; null while no position is known.",
            example = "0/16B3748")
        @Nullable String asOfLsn,
    @Schema(description = "When the newest transaction that was applied was committed.")
        @Nullable Instant asOfTime,
    @Schema(
            description =
                "Whether nobody else can hold messages of the same queue; otherwise the watermark is"
                    + " the lowest of the instances that have something in flight, or stands still.")
        boolean exact,
    @Schema(
            description =
                "The age of the newest commit applied while changes wait; 0 while none waits and the"
                    + " source is heard; null where it is not known, and then `note` says why.")
        @Nullable Long lagMillis,
    @Schema(
            description =
                "Messages that wait in the queue or are being applied; null where it is not known.")
        @Nullable Long pending,
    @Schema(description = "Messages that were given up; null where it is not known.")
        @Nullable Long deadLettered,
    @Schema(
            description =
                "Documents whose newest change was given up: exceptions from the watermark, listed"
                    + " by `GET /freshness`; null while the index has not told it since the start.")
        @Nullable Long failedDocuments,
    @Schema(description = "Since when nothing has come from the source, where that is long.")
        @Nullable Instant silentSince,
    @Schema(description = "One sentence on what is not as it should be; null while all is well.")
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
