package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Unrouted;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.source.SourceOwnership;
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
  "ignoredTables",
  "formerMappings",
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
                "Tables whose changes came since the start and became no documents, at most 100.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        List<IgnoredTableStatus> ignoredTables,
    @Schema(
            description =
                "Tables whose mapping has changed: of their documents those whose rows were not"
                    + " written or read by a snapshot since are as the former mapping made them.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        List<String> formerMappings,
    @Schema(
            description =
                "How much of each table the index has, as of `tablesAsOf`; null while the index has"
                    + " not answered since the start.",
            nullable = true)
        @Nullable List<TableStatus> tables,
    @Schema(description = "When the tables were counted.", nullable = true)
        @Nullable Instant tablesAsOf) {

  /** Where changes come from. */
  @JsonPropertyOrder({
    "connected",
    "description",
    "blocked",
    "remarks",
    "waiting",
    "deadLetters",
    "unrouted"
  })
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
          @Nullable Long deadLetters,
      @Schema(
              description =
                  "Messages that no binding takes, as of some seconds ago; null while there are"
                      + " none, or nobody can tell.",
              nullable = true)
          @Nullable NotTaken unrouted) {

    static Feed of(FeedStatus status, Optional<Backlog> backlog, Optional<Unrouted> unrouted) {
      return new Feed(
          status.connected(),
          status.description(),
          status.blocked(),
          status.remarks(),
          backlog.map(Backlog::waiting).orElse(null),
          backlog.map(Backlog::deadLetters).orElse(null),
          unrouted.filter(some -> some.waiting() > 0).map(NotTaken::of).orElse(null));
    }
  }

  /** Messages that no binding takes: they are not indexed. */
  @JsonPropertyOrder({"waiting", "newestRoutingKey", "bound", "wayOut"})
  @Schema(
      name = "UnroutedMessages",
      description = "Messages that no binding takes: they are not indexed.")
  record NotTaken(
      long waiting,
      @Schema(description = "Null where it is not known.", example = "db.public.products")
          @Nullable String newestRoutingKey,
      @Schema(description = "The keys that are bound.", example = "[\"public.products.#\"]")
          List<String> bound,
      @Schema(description = "What helps, for people.") String wayOut) {

    static NotTaken of(Unrouted unrouted) {
      return new NotTaken(
          unrouted.waiting(), unrouted.newestRoutingKey(), unrouted.bound(), unrouted.wayOut());
    }
  }

  /** The database whose changes come in. */
  @JsonPropertyOrder({"epoch", "owner", "others", "uncoveredKeys", "restartSeenAt", "lastHeardAt"})
  @Schema(name = "SourceState", description = "The database whose changes come in.")
  record Source(
      @Schema(
              description = "The configured `freshet.source-epoch`.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          int epoch,
      @Schema(
              description =
                  "The source that the index belongs to, as `connector/database`: the first that"
                      + " came under this epoch; null before an event named its source.",
              example = "db/shop",
              nullable = true)
          @Nullable String owner,
      @Schema(
              description =
                  "Other sources whose changes were dead-lettered as `other-source` since the"
                      + " start, at most 20.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          List<Other> others,
      @Schema(
              description =
                  "Of each mapped table whose replica identity seems to lack columns of the key: what"
                      + " was seen, and the statement to run.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          List<String> uncoveredKeys,
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
          @Nullable Instant lastHeardAt) {

    static Source of(FreshnessMonitor monitor, int epoch, @Nullable Instant restartSeenAt) {
      SourceOwnership sources = monitor.sources();
      return new Source(
          epoch,
          sources.knownOwner(epoch).map(Object::toString).orElse(null),
          sources.others().stream().map(Other::of).toList(),
          List.copyOf(monitor.keys().gaps().values()),
          restartSeenAt,
          monitor.lastHeard().orElse(null));
    }
  }

  /** Another source than the index's. */
  @JsonPropertyOrder({"source", "changes", "lastSeenAt"})
  @Schema(name = "OtherSource", description = "Another source than the index's.")
  record Other(
      @Schema(
              description = "Its connector and database.",
              example = "crm/customers",
              requiredMode = Schema.RequiredMode.REQUIRED)
          String source,
      @Schema(
              description = "How many of its changes were dead-lettered.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          long changes,
      @Schema(
              description = "When the newest of them came.",
              requiredMode = Schema.RequiredMode.REQUIRED)
          Instant lastSeenAt) {

    private static Other of(SourceOwnership.OtherSource other) {
      return new Other(other.source().toString(), other.changes(), other.lastSeen());
    }
  }
}
