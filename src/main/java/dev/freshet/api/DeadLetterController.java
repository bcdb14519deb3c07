package dev.freshet.api;

import dev.freshet.api.DeadLetterAnswers.DeadLetterContent;
import dev.freshet.api.DeadLetterAnswers.ReplayProgress;
import dev.freshet.api.access.Role;
import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.deadletter.BackgroundReplay;
import dev.freshet.deadletter.DeadLetterService;
import dev.freshet.deadletter.Listing;
import dev.freshet.deadletter.LookEndedException;
import dev.freshet.deadletter.ReplayRunningException;
import dev.freshet.deadletter.Selection;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looks at dead letters, replays and discards them. */
@Controller("/dead-letters")
@ExecuteOn(TaskExecutors.BLOCKING)
final class DeadLetterController {

  private static final int MOST = 1_000;
  private static final int USUAL = 100;

  private final DeadLetterService desk;
  private final BackgroundReplay background;

  DeadLetterController(DeadLetterService desk, BackgroundReplay background) {
    this.desk = desk;
    this.background = background;
  }

  @Get
  Listing list(HttpRequest<?> request) {
    var parameters =
        QueryParameters.of(request.getParameters(), List.of("table", "key", "reason", "limit"));
    int limit = parameters.integer("limit", 1, MOST, USUAL);
    return desk.list(selection(parameters), limit);
  }

  @Get("/{id:[^/]+}")
  @Secured(Role.ADMIN)
  DeadLetterContent read(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    String id = id(request);
    try {
      return desk.find(id).map(DeadLetterContent::of).orElseThrow(() -> none(id));
    } catch (LookEndedException e) {
      throw notFound(String.valueOf(e.getMessage()));
    }
  }

  @Post("/replay")
  HttpResponse<Object> replay(HttpRequest<?> request) {
    var parameters =
        QueryParameters.of(
            request.getParameters(), List.of("table", "key", "reason", "id", "background"));
    Selection selection = selection(parameters);
    try {
      return parameters.flag("background")
          ? HttpResponse.accepted().body(ReplayProgress.of(background.start(selection)))
          : HttpResponse.ok(desk.replay(selection));
    } catch (ReplayRunningException e) {
      throw new ProblemException(Problem.of(HttpStatus.CONFLICT, String.valueOf(e.getMessage())));
    }
  }

  @Get("/replay")
  ReplayProgress progress(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    return ReplayProgress.of(background.progress());
  }

  @Delete("/{id:[^/]+}")
  HttpResponse<Void> discard(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    String id = id(request);
    try {
      if (!desk.discard(id)) {
        throw none(id);
      }
    } catch (LookEndedException e) {
      throw notFound(String.valueOf(e.getMessage()));
    }
    return HttpResponse.noContent();
  }

  private static Selection selection(QueryParameters parameters) {
    return new Selection(
        parameters.table("table").orElse(null),
        parameters.text("key").orElse(null),
        parameters.text("reason").orElse(null),
        parameters.text("id").orElse(null));
  }

  private static String id(HttpRequest<?> request) {
    String path = request.getUri().getRawPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    return URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static ProblemException none(String id) {
    return notFound("there is no dead letter '" + id + "'");
  }

  private static ProblemException notFound(String detail) {
    return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, detail));
  }
}
