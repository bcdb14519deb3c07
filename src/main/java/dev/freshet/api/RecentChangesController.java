package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.freshness.RecentChanges;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.List;

/** Lists the last changes that were settled here. */
@Controller("/changes/recent")
final class RecentChangesController {

  private final RecentChanges recent;

  RecentChangesController(RecentChanges recent) {
    this.recent = recent;
  }

  /** The last changes, newest first. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Answer(List<RecentChanges.Change> changes) {}

  @Get
  Answer recent(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    return new Answer(recent.all());
  }
}
