package dev.freshet.api;

import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.Losses;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;

/** Is told that messages that left the feed without a trace were sent again, or do not matter. */
@Controller("/freshness/losses")
@ExecuteOn(TaskExecutors.BLOCKING)
final class LossesController {

  private final Losses losses;
  private final IndexingProgress progress;

  LossesController(Losses losses, IndexingProgress progress) {
    this.losses = losses;
    this.progress = progress;
  }

  @Delete
  HttpResponse<Void> forget(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    losses.forget();
    progress.renew();
    return HttpResponse.noContent();
  }
}
