package dev.freshet.api;

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
import java.util.List;
import java.util.Map;

/** Takes change events by HTTP; Debezium Server's HTTP sink can call it. */
@Controller("/events")
@ExecuteOn(TaskExecutors.BLOCKING)
final class EventController {

  private static final String CLOUDEVENTS = "application/cloudevents+json";
  private static final String CLOUDEVENTS_BATCH = "application/cloudevents-batch+json";

  private final EventIntake intake;

  EventController(EventIntake intake) {
    this.intake = intake;
  }

  /** How many events were taken. */
  record Accepted(int accepted) {}

  @Post(consumes = {MediaType.APPLICATION_JSON, CLOUDEVENTS, CLOUDEVENTS_BATCH})
  HttpResponse<Accepted> post(HttpRequest<?> request, @Body byte[] body) {
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
