package dev.freshet.api;

import dev.freshet.api.access.Role;
import dev.freshet.logging.LogLevels;
import dev.freshet.logging.LogLevels.LoggerLevel;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes what is logged, without a restart. */
@Controller("/loggers")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(Role.ADMIN)
final class LoggerController {

  private static final Logger LOG = LoggerFactory.getLogger(LoggerController.class);

  private final LogLevels levels;

  LoggerController(LogLevels levels) {
    this.levels = levels;
  }

  /** Loggers with a level of their own. */
  record LoggerList(List<LoggerLevel> loggers) {}

  @Get
  LoggerList list(HttpRequest<?> request) {
    QueryParameters.of(request.getParameters(), List.of());
    return new LoggerList(levels.own());
  }

  @Post("/{logger:[^/]+}")
  LoggerLevel set(HttpRequest<?> request, String logger) {
    var parameters = QueryParameters.of(request.getParameters(), List.of("level"));
    requireKnown(logger);
    String choices = "use " + String.join(", ", LogLevels.LEVELS);
    String given =
        parameters
            .text("level")
            .orElseThrow(() -> QueryParameters.bad("level", "'level' is missing; " + choices));
    String level = given.toUpperCase(Locale.ROOT);
    if (!LogLevels.LEVELS.contains(level)) {
      throw QueryParameters.bad("level", "'" + given + "' is not a log level; " + choices);
    }
    return told(levels.set(logger, level));
  }

  @Delete("/{logger:[^/]+}")
  LoggerLevel reset(HttpRequest<?> request, String logger) {
    QueryParameters.of(request.getParameters(), List.of());
    requireKnown(logger);
    return told(levels.reset(logger));
  }

  private void requireKnown(String logger) {
    if (!levels.isKnown(logger)) {
      throw QueryParameters.bad(
          "logger",
          "'%s' is not a logger, a class or a package: did you mean %s?"
              .formatted(logger, levels.nearest(logger)));
    }
  }

  private static LoggerLevel told(LoggerLevel logger) {
    LOG.info("The log level of {} is {} now", logger.name(), logger.level());
    return logger;
  }
}
