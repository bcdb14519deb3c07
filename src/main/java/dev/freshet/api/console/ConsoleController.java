package dev.freshet.api.console;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.net.URI;

/**
 * Hands out what the console's page refers to, the description of the API, and a page to browse it.
 * Everybody gets the same, and it tells nothing of the index.
 */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class ConsoleController {

  private final ConsoleFiles files;

  ConsoleController(ConsoleFiles files) {
    this.files = files;
  }

  @Get(uri = "/console/{file}", produces = MediaType.ALL)
  HttpResponse<String> file(HttpRequest<?> request, String file) {
    return files
        .find(file)
        .<HttpResponse<String>>map(found -> ConsoleFiles.answer(request, found))
        .orElseGet(HttpResponse::notFound);
  }

  @Get(uri = "/console/vendor/{file}", produces = MediaType.ALL)
  HttpResponse<String> vendored(HttpRequest<?> request, String file) {
    return file(request, ConsoleFiles.VENDOR + file);
  }

  /** The page's addresses are relative, so that it works behind a prefix: none ends in a slash. */
  @Get(uri = "/openapi", produces = MediaType.TEXT_HTML)
  HttpResponse<String> apiPage(HttpRequest<?> request) {
    return request.getPath().endsWith("/")
        ? HttpResponse.temporaryRedirect(URI.create("../openapi"))
        : files.apiPage(request);
  }

  @Get(uri = "/openapi.yaml", produces = MediaType.ALL)
  HttpResponse<String> apiDescription(HttpRequest<?> request) {
    return files.apiDescription(request);
  }
}
