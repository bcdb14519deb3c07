package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.freshness.LagHistory;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;

/** Tells how long changes were under way in the last minutes. */
@Controller("/freshness/history")
@Tag(name = "Freshness")
final class FreshnessHistoryController {

  private static final int LONGEST = (int) LagHistory.REACH.toMinutes();

  private final LagHistory history;

  FreshnessHistoryController(LagHistory history) {
    this.history = history;
  }

  @Get
  @Operation(
      operationId = "freshnessHistory",
      summary = "Tells throughput and lag by stage in the last minutes",
      description =
          "In steps of five seconds, oldest first; the last one is under way. It is kept in memory"
              + " and starts again with the process. Rows of a snapshot and replayed messages count"
              + " as events and documents, and not in the stages.",
      parameters =
          @Parameter(
              name = "minutes",
              in = ParameterIn.QUERY,
              description = "How far to look back.",
              schema =
                  @Schema(type = "integer", minimum = "1", maximum = "15", defaultValue = "10")))
  @ApiResponse(
      responseCode = "200",
      description = "The steps.",
      content = @Content(schema = @Schema(implementation = FreshnessHistory.class)))
  @ApiResponse(
      responseCode = "400",
      description = "The parameter cannot be read, or is unknown.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  FreshnessHistory history(HttpRequest<?> request) {
    var parameters = QueryParameters.of(request.getParameters(), List.of("minutes"));
    int minutes = parameters.integer("minutes", 1, LONGEST, 10);
    return FreshnessHistory.of(history.steps(Duration.ofMinutes(minutes)));
  }
}
