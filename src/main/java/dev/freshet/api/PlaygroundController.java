package dev.freshet.api;

import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.playground.PlaygroundRows;
import dev.freshet.playground.PlaygroundRows.Committed;
import dev.freshet.playground.PlaygroundRows.Found;
import dev.freshet.playground.PlaygroundRows.RefusedException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at the playground's rows, and changes them. Elsewhere there is nothing of it. */
@Controller("/playground")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PlaygroundController {

  private final Optional<PlaygroundRows> rows;

  PlaygroundController(Optional<PlaygroundRows> rows) {
    this.rows = rows;
  }

  /** A table and the columns that may be changed. */
  record Table(String table, List<String> columns) {}

  /**
   * What there is.
   *
   * @param psql a command that opens the database
   * @param rows how many the tables have now
   */
  record Overview(String psql, long rows, List<Table> tables) {}

  /**
   * What is to be changed.
   *
   * @param values by column
   */
  record Change(
      @Nullable String table,
      @Nullable String key,
      @Nullable Map<String, @Nullable String> values) {}

  @Get
  Overview overview(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    PlaygroundRows playground = playground(request);
    return new Overview(
        playground.psql(),
        playground.count(),
        playground.tables().entrySet().stream()
            .map(table -> new Table(table.getKey(), table.getValue()))
            .toList());
  }

  @Get("/rows/{table}")
  Found any(HttpRequest<?> request, String table) {
    QueryParameters.of(request.getParameters(), List.of());
    PlaygroundRows playground = playground(request);
    return allowed(() -> playground.any(table)).orElseThrow(() -> noRow(table + " is empty"));
  }

  @Get("/rows/{table}/{key}")
  Found find(HttpRequest<?> request, String table, String key) {
    QueryParameters.of(request.getParameters(), List.of());
    PlaygroundRows playground = playground(request);
    return allowed(() -> playground.find(table, key)).orElseThrow(() -> noRow(table, key));
  }

  @Post("/changes")
  Committed change(HttpRequest<?> request, @Body Change change) {
    QueryParameters.of(request.getParameters(), List.of());
    PlaygroundRows playground = playground(request);
    String table = required("table", change.table());
    String key = required("key", change.key());
    Map<String, @Nullable String> values = required("values", change.values());
    return allowed(() -> playground.change(table, key, values))
        .orElseThrow(() -> noRow(table, key));
  }

  private PlaygroundRows playground(HttpRequest<?> request) {
    return rows.orElseThrow(
        () ->
            new ProblemException(
                Problem.of(
                    HttpStatus.NOT_FOUND,
                    "this is not the playground, so there is nothing at %s %s; java -jar freshet.jar playground starts it"
                        .formatted(request.getMethodName(), request.getPath()))));
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw QueryParameters.bad(
          name,
          "'%s' is missing: send {\"table\": …, \"key\": …, \"values\": {column: text}}"
              .formatted(name));
    }
    return value;
  }

  private static <T> T allowed(Supplier<T> call) {
    try {
      return call.get();
    } catch (RefusedException e) {
      throw new ProblemException(
          Problem.of(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage())));
    }
  }

  private static ProblemException noRow(String table, String key) {
    return noRow("%s has no row with the key '%s'".formatted(table, key));
  }

  private static ProblemException noRow(String detail) {
    return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, detail));
  }
}
