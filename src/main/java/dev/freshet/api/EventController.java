package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.TraceContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;

/** Takes change events by HTTP; Debezium Server's HTTP sink can call it. */
@Controller("/events")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Events")
final class EventController {

  private static final String CLOUDEVENTS = "application/cloudevents+json";
  private static final String CLOUDEVENTS_BATCH = "application/cloudevents-batch+json";

  private final EventIntake intake;

  EventController(EventIntake intake) {
    this.intake = intake;
  }

  /** How many events were taken. */
  @Schema(name = "Accepted")
  record Accepted(@Schema(description = "How many change events were taken.") int accepted) {}

  @Post(consumes = {MediaType.APPLICATION_JSON, CLOUDEVENTS, CLOUDEVENTS_BATCH})
  @Operation(
      operationId = "postEvents",
      summary = "Puts change events on the feed",
      description =
          "Every event is decoded before the first one is put on the feed, so a request with a bad"
              + " one changes nothing. What is of no row (a heartbeat, a logical message, a"
              + " transaction's begin or end) is put on the feed too, since it may say how far the"
              + " source is; a tombstone is taken, and put there only where `table` names one. A W3C"
              + " trace context (the request headers `traceparent` and `tracestate`) travels on with"
              + " the events.",
      parameters =
          @Parameter(
              name = "table",
              in = ParameterIn.QUERY,
              description = "The table of events that do not name theirs, as flattened ones.",
              example = "public.products",
              schema = @Schema(type = "string")),
      requestBody =
          @RequestBody(
              required = true,
              description =
                  "One change event in any form that Debezium sends (the envelope with or without"
                      + " its schema, a CloudEvent, a flattened row), or an array of them.",
              content = {
                @Content(mediaType = MediaType.APPLICATION_JSON),
                @Content(mediaType = CLOUDEVENTS),
                @Content(mediaType = CLOUDEVENTS_BATCH)
              }))
  @ApiResponse(
      responseCode = "202",
      description = "All of them are on the feed, safely.",
      content = @Content(schema = @Schema(implementation = Accepted.class)))
  @ApiResponse(
      responseCode = "400",
      description = "An event cannot be decoded; none was put on the feed.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "422",
      description = "No queue takes an event; those before it are on the feed.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The feed does not take an event now; those before it are on the feed.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  HttpResponse<Accepted> post(HttpRequest<?> request, @Parameter(hidden = true) @Body byte[] body) {
    var parameters = QueryParameters.of(request.getParameters(), List.of("table"));
    Map<String, String> headers =
        TraceContext.parse(
                request.getHeaders().get(TraceContext.TRACEPARENT),
                request.getHeaders().get(TraceContext.TRACESTATE))
            .map(TraceContext::headers)
            .orElse(Map.of());
    TableId table = parameters.table("table").orElse(null);
    int accepted = intake.take(EventBodies.of(body), table, headers);
    return HttpResponse.accepted().body(new Accepted(accepted));
  }
}
