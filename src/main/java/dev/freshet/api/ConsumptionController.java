package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.indexing.IndexingLoop;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;

/** Pauses and resumes consumption, without losing the connection. */
@Controller("/consumption")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Consumption")
final class ConsumptionController {

  /** Longer than a batch takes; a client's own patience is seldom less. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MOST_CHARACTERS = 200;

  private final IndexingLoop loop;

  ConsumptionController(IndexingLoop loop) {
    this.loop = loop;
  }

  @Get
  @Operation(operationId = "consumption", summary = "Tells whether messages are consumed")
  @ApiResponse(
      responseCode = "200",
      description = "The state.",
      content = @Content(schema = @Schema(implementation = ConsumptionStatus.class)))
  ConsumptionStatus state(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    return ConsumptionStatus.of(loop.consumption());
  }

  @Post("/pause")
  @Operation(
      operationId = "pauseConsumption",
      summary = "Takes no further message",
      description =
          "The batch in flight ends first, for which the call waits at most 5 seconds, and so does what"
              + " has arrived from a quorum queue, which counts what is given back; a batch that"
              + " waits for another attempt is given up. What was not taken goes back to the queue."
              + " The state holds until it is resumed or the process ends. Pausing again changes"
              + " nothing.",
      parameters =
          @Parameter(
              name = "reason",
              in = ParameterIn.QUERY,
              description = "Why, for those who look at the state; at most 200 characters.",
              schema = @Schema(type = "string", maxLength = MOST_CHARACTERS)))
  @ApiResponse(
      responseCode = "200",
      description = "The state: `paused`, or `pausing` while a batch is still in flight.",
      content = @Content(schema = @Schema(implementation = ConsumptionStatus.class)))
  @ApiResponse(
      responseCode = "400",
      description = "A parameter is not right.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  ConsumptionStatus pause(HttpRequest<?> request) throws InterruptedException {
    var parameters = QueryParameters.of(request.getParameters(), List.of("reason"));
    String reason = parameters.text("reason").orElse("POST /consumption/pause");
    if (reason.length() > MOST_CHARACTERS) {
      throw QueryParameters.bad(
          "reason", "'reason' is longer than " + MOST_CHARACTERS + " characters");
    }
    loop.pause(reason, PATIENCE);
    return ConsumptionStatus.of(loop.consumption());
  }

  @Post("/resume")
  @Operation(
      operationId = "resumeConsumption",
      summary = "Takes messages again",
      description = "Resuming again changes nothing.")
  @ApiResponse(
      responseCode = "200",
      description = "The state.",
      content = @Content(schema = @Schema(implementation = ConsumptionStatus.class)))
  ConsumptionStatus resume(HttpRequest<?> request) throws InterruptedException {
    QueryParameters.of(request.getParameters(), List.of());
    loop.resume();
    return ConsumptionStatus.of(loop.consumption());
  }
}
