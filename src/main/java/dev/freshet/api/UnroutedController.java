package dev.freshet.api;

import dev.freshet.deadletter.DeadLetterConfiguration;
import dev.freshet.feed.UnroutedMessages;
import dev.freshet.feed.UnroutedMessages.Rerouted;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;

/** Puts messages that no binding took on the feed once one does. */
@Controller("/unrouted")
@ExecuteOn(TaskExecutors.BLOCKING)
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

  @Post("/replay")
  Rerouted replay(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    Rerouted rerouted = messages.reroute(limit);
    watch.measure();
    return rerouted;
  }
}
