package dev.freshet.api;

import dev.freshet.BuildOrigin;
import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.Alarms;
import dev.freshet.api.IndexContents.Contents;
import dev.freshet.api.access.Role;
import dev.freshet.freshness.Waits;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.search.SearchEngine;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.authentication.Authentication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells how fresh the index is, whether changes come in, and what still waits. */
@Controller("/freshness")
@ExecuteOn(TaskExecutors.BLOCKING)
final class FreshnessController {

  private final FreshAnswers answers;
  private final IndexContents contents;
  private final FeedFigures feed;
  private final SourceFigures source;
  private final IndexingLoop loop;
  private final Alarms alarms;
  private final Waits waits;
  private final StatusFigures status;
  private final @Nullable SearchEngine engine;

  /**
   * @param engine null where the sink has none
   */
  FreshnessController(
      FreshAnswers answers,
      IndexContents contents,
      FeedFigures feed,
      SourceFigures source,
      IndexingLoop loop,
      Alarms alarms,
      Waits waits,
      StatusFigures status,
      @Nullable SearchEngine engine) {
    this.answers = answers;
    this.contents = contents;
    this.feed = feed;
    this.source = source;
    this.loop = loop;
    this.alarms = alarms;
    this.waits = waits;
    this.status = status;
    this.engine = engine;
  }

  @Get
  FreshnessReport freshness(HttpRequest<?> request, Authentication caller) {
    QueryParameters.of(request.getParameters(), List.of());
    FreshnessReport.Feed fed = feed.now();
    Optional<LatestAnswer.Known<Contents>> indexed = contents.now();
    FreshnessBlock now = answers.now();
    List<Alarm> raised = alarms.now();
    return new FreshnessReport(
        BuildOrigin.present().version(),
        status.status(now, raised),
        status.target().toMillis(),
        modes(),
        caller.getRoles().contains(Role.ADMIN),
        now,
        source.watermark(now, indexed.map(known -> known.value().failures()).orElse(List.of())),
        raised,
        notKnown(fed, indexed),
        waits.count(),
        loop.consumption(),
        fed,
        source.now(),
        source.ignoredTables(),
        source.formerMappings(),
        source.driftChecks(),
        indexed
            .map(
                known ->
                    TableStatus.of(
                        known.value(), source.formerDocuments(), source.backfillsOffered()))
            .orElse(null),
        indexed.map(LatestAnswer.Known::asOf).orElse(null));
  }

  private List<String> modes() {
    return engine == null
        ? List.of()
        : engine.modes().stream()
            .sorted()
            .map(mode -> mode.name().toLowerCase(Locale.ROOT))
            .toList();
  }

  @Delete("/losses")
  HttpResponse<Void> forgetLosses(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    source.forgetLosses();
    return HttpResponse.noContent();
  }

  private static List<String> notKnown(
      FreshnessReport.Feed feed, Optional<LatestAnswer.Known<Contents>> indexed) {
    var parts = new ArrayList<String>();
    if (feed.waiting() == null) {
      parts.add("feed.waiting and feed.deadLetters: the feed does not answer now");
    }
    if (indexed.isEmpty()) {
      parts.add("tables and watermark.except: the index does not answer");
    } else if (!indexed.get().recent()) {
      parts.add(
          "tables and watermark.except are as of %s: the index does not answer now"
              .formatted(indexed.get().asOf()));
    }
    return parts;
  }
}
