package dev.freshet.start;

import dev.freshet.playground.Playground;
import dev.freshet.playground.PlaygroundOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * {@code java -jar freshet.jar playground}: the service beside a PostgreSQL of its own, with rows
 * to search and to change.
 */
@Command(
    name = "playground",
    description =
        "Starts the service beside a PostgreSQL of its own, with rows to search and to change.",
    customSynopsis = "java -jar freshet.jar playground [OPTIONS] [--SETTING=VALUE…]",
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    separator = "=",
    sortOptions = false,
    footer = {
      "",
      "It answers on this machine only. Everything is kept in the folder: to remove the playground,",
      "delete it. FRESHET_HTTP_PORT is the port of the console and the API; 8080 unless set."
    })
final class PlaygroundCommand implements Callable<Integer> {

  private static final List<String> DECIDED =
      List.of(
          "freshet.feed",
          "freshet.sink",
          "freshet.store",
          "freshet.data-dir",
          "freshet.source.",
          "freshet.tables",
          "freshet.capture.",
          "freshet.indexing.batch-size",
          "micronaut.server.host");

  @Spec private CommandSpec spec;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      defaultValue = "playground",
      description = "Where everything is kept; ./${DEFAULT-VALUE} unless given.")
  private Path folder;

  @Option(
      names = "--postgresql-port",
      paramLabel = "PORT",
      description = "PostgreSQL's port; 15432 unless given, or any other that is free.")
  private @Nullable Integer postgresqlPort;

  @Option(
      names = "--rows",
      paramLabel = "ROWS",
      defaultValue = "2000",
      description = "How many rows a new database gets; ${DEFAULT-VALUE} unless given.")
  private int rows;

  @Option(names = "--reset", description = "Starts over: deletes the database and the index first.")
  private boolean reset;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  @Unmatched private List<String> settings = new ArrayList<>();

  // picocli injects the fields.
  @SuppressWarnings("NullAway.Init")
  PlaygroundCommand() {}

  @Override
  public Integer call() {
    ServeCommand.requireSettings(spec, settings);
    requireUndecided();
    Clock clock = Clock.systemUTC();
    Instant begin = clock.instant();
    try {
      Playground.requireNotRunning(folder);
      Service.requireFreePort(settings, Map.of("micronaut.server.host", "127.0.0.1"));
      Playground playground = Playground.open(options(), clock, this::tell);
      return new Service(settings, new PlaygroundCompanion(playground, clock, begin, this::tell))
          .run();
    } catch (RuntimeException e) {
      var failure = StartFailure.of(e);
      failure.tell();
      return failure.exitCode();
    }
  }

  private PlaygroundOptions options() {
    return new PlaygroundOptions(folder, postgresqlPort == null ? 0 : postgresqlPort, rows, reset);
  }

  /** What the playground decides would otherwise be ignored without a word. */
  private void requireUndecided() {
    for (String setting : settings) {
      String key = setting.replaceFirst("^(--?|-D)", "").replaceFirst("=.*", "");
      if (DECIDED.stream().anyMatch(key::startsWith)) {
        throw new ParameterException(
            spec.commandLine(), "the playground decides " + key + " itself: leave it out");
      }
    }
  }

  private void tell(String line) {
    var out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
