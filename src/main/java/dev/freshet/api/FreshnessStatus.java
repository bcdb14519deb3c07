package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How fresh the index can be: whether changes come in, and what still waits. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({
  "freshness",
  "watermark",
  "alarms",
  "notKnown",
  "waiters",
  "consumption",
  "feed",
  "source",
  "tables",
  "tablesAsOf"
})
@Schema(
    name = "FreshnessReport",
    description = "How fresh the index is, whether changes come in, and what still waits.")
record FreshnessStatus(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) FreshnessBlock freshness,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) WatermarkStatus watermark,
    @Schema(
            description = "What is wrong now, what explains others first; empty while all is well.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        List<AlarmStatus> alarms,
    @Schema(
            description = "Which parts of this answer are not known, or old, and why.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        List<String> notKnown,
    @Schema(
            description = "Calls that wait until a change is searchable.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        int waiters,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) ConsumptionStatus consumption,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Feed feed,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Source source,
    @Schema(
            description =
                "How much of each table the index has, as of `tablesAsOf`; null while the index has"
                    + " not answered since the start.",
            nullable = true)
        @Nullable List<TableStatus> tables,
    @Schema(description = "When the tables were counted.", nullable = true)
        @Nullable Instant tablesAsOf) {

  /** Where changes come from. */
  @JsonPropertyOrder({"connected", "description", "blocked", "remarks", "waiting", "deadLetters"})
  @Schema(name = "FeedState", description = "Where changes come from.")
  record Feed(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) boolean connected,
      @Schema(description = "One sentence for people.", requiredMode = Schema.RequiredMode.REQUIRED)
          String description,
      @Schema(
              description =
                  "Why the broker takes no messages from publishers, such as `low on memory`; null"
                      + " while it does, or while that is not known.",
              nullable = true)
          @Nullable String blocked,
      @Schema(
              description =
                  "What the feed found otherwise than it would set it up, and what that means; one"
                      + " sentence each.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          List<String> remarks,
      @Schema(
              description =
                  "Messages that no consumer has taken yet; null when the feed does not tell now.",
              nullable = true)
          @Nullable Long waiting,
      @Schema(
              description = "Messages that were given up; null when the feed does not tell now.",
              nullable = true)
          @Nullable Long deadLetters) {

    static Feed of(FeedStatus status, Optional<Backlog> backlog) {
      return new Feed(
          status.connected(),
          status.description(),
          status.blocked(),
          status.remarks(),
          backlog.map(Backlog::waiting).orElse(null),
          backlog.map(Backlog::deadLetters).orElse(null));
    }
  }

  /** The database whose changes come in. */
  @JsonPropertyOrder({"epoch", "restartSeenAt", "lastHeardAt"})
  @Schema(name = "SourceState", description = "The database whose changes come in.")
  record Source(
      @Schema(
              description = "The configured `freshet.source-epoch`.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          int epoch,
      @Schema(
              description =
                  "When an event came that shows that the source has started its LSN again, so that"
                      + " the epoch is to be raised; null while none did since the start.",
              nullable = true)
          @Nullable Instant restartSeenAt,
      @Schema(
              description =
                  "When a message came last, a heartbeat too; null while none did since the start.",
              nullable = true)
          @Nullable Instant lastHeardAt) {}
}
