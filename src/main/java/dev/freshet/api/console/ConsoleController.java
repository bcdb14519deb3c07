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

/** Hands out what the console's page refers to. It is the same for everybody, and tells nothing. */
@Controller("/console")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class ConsoleController {

  private final ConsoleFiles files;

  ConsoleController(ConsoleFiles files) {
    this.files = files;
  }

  @Get(uri = "/{file}", produces = MediaType.ALL)
  HttpResponse<String> file(HttpRequest<?> request, String file) {
    return files
        .find(file)
        .<HttpResponse<String>>map(found -> ConsoleFiles.answer(request, found))
        .orElseGet(HttpResponse::notFound);
  }
}
