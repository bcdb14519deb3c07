package dev.freshet.api;

import dev.freshet.api.console.ConsoleFiles;
import dev.freshet.playground.PlaygroundRows;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names what there is: to a browser by the console's page, to programs as JSON. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class RootController {

  private final ConsoleFiles console;
  private final boolean isPlayground;

  RootController(ConsoleFiles console, Optional<PlaygroundRows> playground) {
    this.console = console;
    this.isPlayground = playground.isPresent();
  }

  // The type of each answer is set below; this says what may be asked for.
  @Get(produces = {MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
  HttpResponse<?> root(HttpRequest<?> request) {
    MutableHttpResponse<?> answer =
        wantsPage(request)
            ? console.page(request)
            : HttpResponse.ok(endpoints()).contentType(MediaType.APPLICATION_JSON_TYPE);
    return answer.header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
  }

  /** Whether HTML was asked for by name, and JSON not before it; a wildcard asks for neither. */
  private static boolean wantsPage(HttpRequest<?> request) {
    return request.getHeaders().accept().stream()
        .map(MediaType::getName)
        .filter(Set.of(MediaType.TEXT_HTML, MediaType.APPLICATION_JSON)::contains)
        .findFirst()
        .filter(MediaType.TEXT_HTML::equals)
        .isPresent();
  }

  private Map<String, Object> endpoints() {
    var endpoints = new LinkedHashMap<String, String>();
    endpoints.put("GET /search?q={text}", "finds documents");
    endpoints.put("GET /documents/{schema.table}/{key}", "tells the state of one document");
    endpoints.put("POST /events", "takes change events");
    endpoints.put("GET /freshness", "tells whether changes come in, and what still waits");
    endpoints.put("GET /changes/recent", "lists the last changes, and what became of them");
    endpoints.put("POST /consumption/pause", "takes no further message until it is resumed");
    endpoints.put("GET /dead-letters", "lists the changes that could not be indexed");
    endpoints.put("POST /dead-letters/replay", "tries them again");
    endpoints.put("GET /info", "tells the version, and what this instance is made of");
    endpoints.put("GET /health", "tells whether the service works, and why not");
    endpoints.put("GET /prometheus", "metrics");
    endpoints.put("GET /openapi.yaml", "describes the calls; a page to browse it is at /openapi");
    if (isPlayground) {
      endpoints.put("GET /playground", "tells how to reach the playground's database");
      endpoints.put("POST /playground/changes", "changes a row of it by SQL");
    }
    var answer = new LinkedHashMap<String, Object>();
    answer.put("name", "freshet");
    answer.put("endpoints", endpoints);
    return answer;
  }
}
