package dev.freshet.api;

import dev.freshet.freshness.LagHistory;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.time.Duration;
import java.util.List;

/** Tells how long changes were under way in the last minutes. */
@Controller("/freshness/history")
final class FreshnessHistoryController {

  private static final int LONGEST = (int) LagHistory.REACH.toMinutes();

  private final LagHistory history;

  FreshnessHistoryController(LagHistory history) {
    this.history = history;
  }

  @Get
  FreshnessHistory history(HttpRequest<?> request) {
    var parameters = QueryParameters.of(request.getParameters(), List.of("minutes"));
    int minutes = parameters.integer("minutes", 1, LONGEST, 10);
    return new FreshnessHistory(
        LagHistory.STEP.toSeconds(), history.steps(Duration.ofMinutes(minutes)));
  }
}
