package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Unrouted;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.source.SourceOwnership;
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
record FreshnessStatus(
    FreshnessBlock freshness,
    WatermarkStatus watermark,
    List<AlarmStatus> alarms,
    List<String> notKnown,
    int waiters,
    ConsumptionStatus consumption,
    Feed feed,
    Source source,
    List<IgnoredTableStatus> ignoredTables,
    List<String> formerMappings,
    @Nullable List<TableStatus> tables,
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
  record Feed(
      boolean connected,
      String description,
      @Nullable String blocked,
      List<String> remarks,
      @Nullable Long waiting,
      @Nullable Long deadLetters,
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
  record NotTaken(
      long waiting, @Nullable String newestRoutingKey, List<String> bound, String wayOut) {

    static NotTaken of(Unrouted unrouted) {
      return new NotTaken(
          unrouted.waiting(), unrouted.newestRoutingKey(), unrouted.bound(), unrouted.wayOut());
    }
  }

  /** The database whose changes come in. */
  @JsonPropertyOrder({"epoch", "owner", "others", "uncoveredKeys", "restartSeenAt", "lastHeardAt"})
  record Source(
      int epoch,
      @Nullable String owner,
      List<Other> others,
      List<String> uncoveredKeys,
      @Nullable Instant restartSeenAt,
      @Nullable Instant lastHeardAt) {

    static Source of(IndexingProgress progress, int epoch) {
      SourceOwnership sources = progress.sources();
      return new Source(
          epoch,
          sources.knownOwner(epoch).map(Object::toString).orElse(null),
          sources.others().stream().map(Other::of).toList(),
          List.copyOf(progress.keys().gaps().values()),
          progress.restart().firstSeen().orElse(null),
          progress.lastHeard().orElse(null));
    }
  }

  /** Another source than the index's. */
  @JsonPropertyOrder({"source", "changes", "lastSeenAt"})
  record Other(String source, long changes, Instant lastSeenAt) {

    private static Other of(SourceOwnership.OtherSource other) {
      return new Other(other.source().toString(), other.changes(), other.lastSeen());
    }
  }
}
