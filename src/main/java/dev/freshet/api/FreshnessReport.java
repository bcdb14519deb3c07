package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.alarm.Alarm;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.RetainedLog;
import dev.freshet.feed.Unrouted;
import dev.freshet.freshness.IgnoredTables.IgnoredTable;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.indexing.Consumption;
import dev.freshet.job.drift.DriftResult;
import dev.freshet.source.SourceOwnership;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How fresh the index can be: whether changes come in, and what still waits. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record FreshnessReport(
    @Nullable String version,
    FreshnessStatus status,
    long targetMillis,
    List<String> searchModes,
    boolean mayChange,
    FreshnessBlock freshness,
    WatermarkStatus watermark,
    List<Alarm> alarms,
    List<String> notKnown,
    int waiters,
    Consumption consumption,
    Feed feed,
    SourceState source,
    List<IgnoredTable> ignoredTables,
    List<String> formerMappings,
    List<DriftResult> driftChecks,
    @Nullable List<TableStatus> tables,
    @Nullable Instant tablesAsOf) {

  /** Where changes come from. */
  record Feed(
      boolean connected,
      String description,
      @Nullable String blocked,
      List<String> remarks,
      @Nullable Long waiting,
      @Nullable Long deadLetters,
      @Nullable NotTaken unrouted,
      @Nullable RetainedLog retained) {

    static Feed of(FeedState feed, Optional<Backlog> backlog, Optional<Unrouted> unrouted) {
      FeedStatus status = feed.status();
      return new Feed(
          status.connected(),
          status.description(),
          status.blocked(),
          status.remarks(),
          backlog.map(Backlog::possibleChanges).orElse(null),
          backlog.map(Backlog::deadLetters).orElse(null),
          unrouted.filter(some -> some.waiting() > 0).map(NotTaken::of).orElse(null),
          feed.retained().orElse(null));
    }
  }

  /** Messages that no binding takes: they are not indexed. */
  record NotTaken(
      long waiting, @Nullable String newestRoutingKey, List<String> bound, String wayOut) {

    static NotTaken of(Unrouted unrouted) {
      return new NotTaken(
          unrouted.waiting(), unrouted.newestRoutingKey(), unrouted.bound(), unrouted.wayOut());
    }
  }

  /** The database whose changes come in. */
  record SourceState(
      int epoch,
      @Nullable String owner,
      List<SourceOwnership.OtherSource> others,
      List<String> uncoveredKeys,
      @Nullable Instant restartSeenAt,
      @Nullable Instant lastHeardAt) {

    static SourceState of(IndexingProgress progress, int epoch) {
      SourceOwnership sources = progress.sources();
      return new SourceState(
          epoch,
          sources.knownOwner(epoch).map(Object::toString).orElse(null),
          sources.others(),
          List.copyOf(progress.keys().gaps().values()),
          progress.restart().firstSeen().orElse(null),
          progress.lastHeard().orElse(null));
    }
  }
}
