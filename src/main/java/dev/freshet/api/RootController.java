package dev.freshet.api;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names what there is. */
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
@Hidden
final class RootController {

  @Get
  Map<String, Object> endpoints() {
    var endpoints = new LinkedHashMap<String, String>();
    endpoints.put("GET /search?q={text}", "finds documents");
    endpoints.put("GET /documents/{schema.table}/{key}", "tells the state of one document");
    endpoints.put("POST /events", "takes change events");
    endpoints.put("GET /freshness", "tells whether changes come in, and what still waits");
    endpoints.put("POST /consumption/pause", "takes no further message until it is resumed");
    endpoints.put("GET /dead-letters", "lists the changes that could not be indexed");
    endpoints.put("POST /dead-letters/replay", "tries them again");
    endpoints.put("GET /health", "tells whether the service works, and why not");
    endpoints.put("GET /prometheus", "metrics");
    var answer = new LinkedHashMap<String, Object>();
    answer.put("name", "freshet");
    answer.put("endpoints", endpoints);
    return answer;
  }
}
