package dev.freshet.api;

import dev.freshet.api.DeadLetterAnswers.Listed;
import dev.freshet.api.DeadLetterAnswers.Replayed;
import dev.freshet.api.DeadLetterAnswers.Replaying;
import dev.freshet.api.access.Role;
import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.deadletter.BackgroundReplay;
import dev.freshet.deadletter.DeadLetterService;
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
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looks at dead letters, replays and discards them. */
@Controller("/dead-letters")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Dead letters")
final class DeadLetterController {

  private static final String PROBLEM = "application/problem+json";
  private static final String NOT_FOUND =
      "There is no dead letter of this id, or none among the oldest"
          + " `freshet.dead-letters.look-count`, which the detail then says.";
  private static final int MOST = 1_000;
  private static final int USUAL = 100;

  private final DeadLetterService desk;
  private final BackgroundReplay background;

  DeadLetterController(DeadLetterService desk, BackgroundReplay background) {
    this.desk = desk;
    this.background = background;
  }

  @Get
  @Operation(
      operationId = "listDeadLetters",
      summary = "Lists dead letters, oldest first",
      description =
          "Looking loses nothing and reorders nothing; while it lasts, nobody else sees what it"
              + " holds. What cannot be read is listed without table and key. No column's value is"
              + " shown but the key's.",
      parameters = {
        @Parameter(
            name = "table",
            in = ParameterIn.QUERY,
            example = "public.products",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "key",
            in = ParameterIn.QUERY,
            description = "As in the path of `/documents`.",
            example = "42",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "reason",
            in = ParameterIn.QUERY,
            example = "missing-column",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "The most to list.",
            schema =
                @Schema(type = "integer", minimum = "1", maximum = "1000", defaultValue = "100"))
      })
  @ApiResponse(responseCode = "200", description = "What there is.")
  @ApiResponse(
      responseCode = "400",
      description = "A parameter cannot be read.",
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The dead-letter queue does not answer, or a replay has it in hand.",
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  Listed list(HttpRequest<?> request) {
    var parameters =
        QueryParameters.of(request.getParameters(), List.of("table", "key", "reason", "limit"));
    int limit = parameters.integer("limit", 1, MOST, USUAL);
    return Listed.of(desk.list(selection(parameters), limit));
  }

  @Get("/{id:[^/]+}")
  @Secured(Role.ADMIN)
  @Operation(
      operationId = "readDeadLetter",
      summary = "Shows one dead letter with its headers and its body",
      description = "For admins: a body may hold the values of excluded columns.",
      parameters =
          @Parameter(
              name = "id",
              in = ParameterIn.PATH,
              required = true,
              schema = @Schema(type = "string")))
  @ApiResponse(responseCode = "200", description = "The dead letter, which stays.")
  @ApiResponse(
      responseCode = "404",
      description = NOT_FOUND,
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The dead-letter queue does not answer, or a replay has it in hand.",
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  DeadLetterAnswers.Content read(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    String id = id(request);
    try {
      return desk.find(id).map(DeadLetterAnswers.Content::of).orElseThrow(() -> none(id));
    } catch (LookEndedException e) {
      throw notFound(String.valueOf(e.getMessage()));
    }
  }

  @Post("/replay")
  @Operation(
      operationId = "replayDeadLetters",
      summary = "Applies dead letters again: all, or those that fit",
      description =
          "For admins. By the ordinary rules: a newer version that was indexed meanwhile stays. A"
              + " dead letter leaves the queue only when its outcome is durable. One call replays"
              + " `freshet.dead-letters.replay-count` at most, oldest first; with `background=true` it"
              + " goes on until all that wait now were tried once, and answers at once.",
      parameters = {
        @Parameter(
            name = "table",
            in = ParameterIn.QUERY,
            example = "public.products",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "key",
            in = ParameterIn.QUERY,
            example = "42",
            schema = @Schema(type = "string")),
        @Parameter(
            name = "reason",
            in = ParameterIn.QUERY,
            example = "missing-column",
            schema = @Schema(type = "string")),
        @Parameter(name = "id", in = ParameterIn.QUERY, schema = @Schema(type = "string")),
        @Parameter(
            name = "background",
            in = ParameterIn.QUERY,
            schema = @Schema(type = "boolean", defaultValue = "false"))
      })
  @ApiResponse(
      responseCode = "200",
      description = "What became of them.",
      content = @Content(schema = @Schema(implementation = Replayed.class)))
  @ApiResponse(
      responseCode = "202",
      description = "It is running; `GET /dead-letters/replay` tells how far it is.",
      content = @Content(schema = @Schema(implementation = Replaying.class)))
  @ApiResponse(
      responseCode = "400",
      description = "A parameter cannot be read.",
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "409",
      description = "A replay runs already.",
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "503",
      description =
          "The sink or the dead-letter queue does not answer; what was not replayed is kept.",
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  HttpResponse<Object> replay(HttpRequest<?> request) {
    var parameters =
        QueryParameters.of(
            request.getParameters(), List.of("table", "key", "reason", "id", "background"));
    Selection selection = selection(parameters);
    try {
      return parameters.flag("background")
          ? HttpResponse.accepted().body(Replaying.of(background.start(selection)))
          : HttpResponse.ok(Replayed.of(desk.replay(selection)));
    } catch (ReplayRunningException e) {
      throw new ProblemException(Problem.of(HttpStatus.CONFLICT, String.valueOf(e.getMessage())));
    }
  }

  @Get("/replay")
  @Operation(
      operationId = "replayProgress",
      summary = "Tells how far a replay in the background is, or was when it ended")
  @ApiResponse(
      responseCode = "200",
      description = "Of the last one since the start.",
      content = @Content(schema = @Schema(implementation = Replaying.class)))
  Replaying progress(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    return Replaying.of(background.progress());
  }

  @Delete("/{id:[^/]+}")
  @Operation(
      operationId = "discardDeadLetter",
      summary = "Removes one dead letter for good",
      description = "For admins. Its document no longer counts as failed.",
      parameters =
          @Parameter(
              name = "id",
              in = ParameterIn.PATH,
              required = true,
              schema = @Schema(type = "string")))
  @ApiResponse(responseCode = "204", description = "It is gone.")
  @ApiResponse(
      responseCode = "404",
      description = NOT_FOUND,
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The dead-letter queue does not answer, or a replay has it in hand.",
      content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
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
