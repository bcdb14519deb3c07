package dev.freshet.api;

import dev.freshet.indexing.Consumption;
import dev.freshet.indexing.IndexingLoop;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.List;

/** Pauses and resumes consumption, without losing the connection. */
@Controller("/consumption")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ConsumptionController {

  /** Longer than a batch takes; a client's own patience is seldom less. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MOST_CHARACTERS = 200;

  private final IndexingLoop loop;

  ConsumptionController(IndexingLoop loop) {
    this.loop = loop;
  }

  @Get
  Consumption state(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    return loop.consumption();
  }

  @Post("/pause")
  Consumption pause(HttpRequest<?> request) throws InterruptedException {
    var parameters = QueryParameters.of(request.getParameters(), List.of("reason"));
    String reason = parameters.text("reason").orElse("POST /consumption/pause");
    if (reason.length() > MOST_CHARACTERS) {
      throw QueryParameters.bad(
          "reason", "'reason' is longer than " + MOST_CHARACTERS + " characters");
    }
    loop.pause(reason, PATIENCE);
    return loop.consumption();
  }

  @Post("/resume")
  Consumption resume(HttpRequest<?> request) throws InterruptedException {
    QueryParameters.of(request.getParameters(), List.of());
    loop.resume();
    return loop.consumption();
  }
}
