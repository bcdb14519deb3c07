package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.deadletter.DeadLetterConfiguration;
import dev.freshet.feed.UnroutedMessages;
import dev.freshet.feed.UnroutedMessages.Rerouted;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;

/** Puts messages that no binding took on the feed once one does. */
@Controller("/unrouted")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "Unrouted messages")
final class UnroutedController {

  private final UnroutedMessages messages;
  private final UnroutedWatch watch;
  private final int limit;

  UnroutedController(
      UnroutedMessages messages, UnroutedWatch watch, DeadLetterConfiguration configuration) {
    this.messages = messages;
    this.watch = watch;
    this.limit = configuration.replayCount();
  }

  /** What became of them. */
  @Schema(name = "Rerouted")
  record Answer(
      @Schema(description = "How many are on the feed now.") int published,
      @Schema(description = "How many were looked at that no binding takes; they stay.")
          int unroutable,
      @Schema(description = "How many are kept now, looked at or not.") long waiting) {

    static Answer of(Rerouted rerouted) {
      return new Answer(rerouted.published(), rerouted.unroutable(), rerouted.waiting());
    }
  }

  @Post("/replay")
  @Operation(
      operationId = "replayUnrouted",
      summary = "Publishes unrouted messages again that a binding takes by now",
      description =
          "For admins. Oldest first, at most `freshet.dead-letters.replay-count` a call; those that"
              + " no key of `freshet.rabbitmq.routing-keys` takes stay at their places. Each is"
              + " removed only when its copy is safe, so calling again does no harm.")
  @ApiResponse(
      responseCode = "200",
      description = "What became of them; nothing, where the feed keeps none.",
      content = @Content(schema = @Schema(implementation = Answer.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The broker does not answer; what was not published again is kept.",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = Problem.class)))
  Answer replay(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    Answer answer = Answer.of(messages.reroute(limit));
    watch.measure();
    return answer;
  }
}
