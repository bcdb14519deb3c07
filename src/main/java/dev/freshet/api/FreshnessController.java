package dev.freshet.api;

import dev.freshet.alarm.Alarms;
import dev.freshet.api.IndexContents.Contents;
import dev.freshet.changeevent.TableId;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.annotation.Property;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** Tells how fresh the index is, whether changes come in, and what still waits. */
@Controller("/freshness")
@ExecuteOn(TaskExecutors.BLOCKING)
final class FreshnessController {

  /** Older figures are told as not known, or with their age. */
  private static final Duration RECENT = Duration.ofSeconds(5);

  private final IndexingLoop loop;
  private final FreshnessMonitor monitor;
  private final FreshAnswers answers;
  private final IndexContents contents;
  private final FeedState feed;
  private final LatestAnswer<Backlog> backlog;
  private final Alarms alarms;
  private final UnroutedWatch unrouted;
  private final int epoch;
  private final Clock clock;

  FreshnessController(
      IndexingLoop loop,
      FreshnessMonitor monitor,
      FreshAnswers answers,
      IndexContents contents,
      FeedState feed,
      Alarms alarms,
      UnroutedWatch unrouted,
      @Property(name = "freshet.source-epoch", defaultValue = "0") int epoch,
      Clock clock,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.loop = loop;
    this.monitor = monitor;
    this.answers = answers;
    this.contents = contents;
    this.feed = feed;
    this.backlog = new LatestAnswer<>(monitor::refreshQueue, Duration.ZERO, executor, clock);
    this.alarms = alarms;
    this.unrouted = unrouted;
    this.epoch = epoch;
    this.clock = clock;
  }

  @Get
  FreshnessStatus freshness(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    Optional<Backlog> waiting = backlog.now().filter(this::isRecent).map(LatestAnswer.Known::value);
    Optional<LatestAnswer.Known<Contents>> indexed = contents.now();
    FreshnessBlock now = answers.now();
    return new FreshnessStatus(
        now,
        WatermarkStatus.of(
            now,
            epoch,
            indexed.map(known -> known.value().failures()).orElse(List.of()),
            monitor.losses().orElse(null)),
        alarms.now().stream().map(AlarmStatus::of).toList(),
        notKnown(waiting.isPresent(), indexed),
        monitor.waiters(),
        ConsumptionStatus.of(loop.consumption()),
        FreshnessStatus.Feed.of(feed.status(), waiting, unrouted.known()),
        FreshnessStatus.Source.of(monitor, epoch, loop.sourceRestartSeen().orElse(null)),
        monitor.ignored().all().stream().map(IgnoredTableStatus::of).toList(),
        monitor.formerMappings().stream().map(TableId::toString).toList(),
        indexed.map(known -> TableStatus.of(known.value())).orElse(null),
        indexed.map(LatestAnswer.Known::asOf).orElse(null));
  }

  @Delete("/losses")
  HttpResponse<Void> forgetLosses(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    monitor.forgetLosses();
    return HttpResponse.noContent();
  }

  private boolean isRecent(LatestAnswer.Known<?> known) {
    return known.asOf().plus(RECENT).isAfter(clock.instant());
  }

  private List<String> notKnown(
      boolean queueAnswers, Optional<LatestAnswer.Known<Contents>> indexed) {
    var parts = new ArrayList<String>();
    if (!queueAnswers) {
      parts.add("feed.waiting and feed.deadLetters: the feed does not answer now");
    }
    if (indexed.isEmpty()) {
      parts.add("tables and watermark.except: the index does not answer");
    } else if (!isRecent(indexed.get())) {
      parts.add(
          "tables and watermark.except are as of %s: the index does not answer now"
              .formatted(indexed.get().asOf()));
    }
    return parts;
  }
}
