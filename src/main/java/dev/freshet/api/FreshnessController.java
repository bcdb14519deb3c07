package dev.freshet.api;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.annotation.Property;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells how fresh the index is, whether changes come in, and what still waits. */
@Controller("/freshness")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Freshness")
final class FreshnessController {

  /** A broker that hangs does not hold up the answer. */
  private static final long PATIENCE_MILLIS = 2_000;

  private final IndexingLoop loop;
  private final FreshnessMonitor monitor;
  private final FreshAnswers answers;
  private final IndexContents contents;
  private final ChangeFeed feed;
  private final int epoch;
  private final ExecutorService executor;

  FreshnessController(
      IndexingLoop loop,
      FreshnessMonitor monitor,
      FreshAnswers answers,
      IndexContents contents,
      ChangeFeed feed,
      @Property(name = "freshet.source-epoch", defaultValue = "0") int epoch,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.loop = loop;
    this.monitor = monitor;
    this.answers = answers;
    this.contents = contents;
    this.feed = feed;
    this.epoch = epoch;
    this.executor = executor;
  }

  @Get
  @Operation(
      operationId = "freshness",
      summary = "Tells how fresh the index is, whether changes come in, and what still waits")
  @ApiResponse(
      responseCode = "200",
      description = "What is known now.",
      content = @Content(schema = @Schema(implementation = FreshnessStatus.class)))
  FreshnessStatus freshness(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    FreshnessBlock now = answers.now();
    Optional<IndexContents.Contents> indexed = contents.now();
    return new FreshnessStatus(
        now,
        WatermarkStatus.of(
            now, epoch, indexed.map(IndexContents.Contents::failures).orElse(List.of())),
        monitor.waiters(),
        ConsumptionStatus.of(loop.consumption()),
        FreshnessStatus.Feed.of(feed.status(), backlog()),
        new FreshnessStatus.Source(
            epoch, loop.sourceRestartSeen().orElse(null), monitor.lastHeard().orElse(null)),
        indexed.map(known -> known.tables().stream().map(TableStatus::of).toList()).orElse(null));
  }

  private Optional<Backlog> backlog() {
    return CompletableFuture.supplyAsync(feed::backlog, executor)
        .completeOnTimeout(Optional.empty(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }
}
