package dev.freshet.start;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code java -jar freshet.jar serve}: the service, until it is told to end. */
@Command(
    name = "serve",
    description = "Starts the service (also without a command).",
    customSynopsis = "java -jar freshet.jar serve [--SETTING=VALUE…]",
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n")
final class ServeCommand implements Callable<Integer> {

  /** A setting has a dot in its name, as in {@code --freshet.store=lucene}. */
  private static final Pattern SETTING =
      Pattern.compile("(--?|-D)[A-Za-z][\\w-]*(\\.[\\w-]+|\\[\\d+\\])+=.*", Pattern.DOTALL);

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  @Unmatched private List<String> settings = new ArrayList<>();

  // picocli injects the fields.
  @SuppressWarnings("NullAway.Init")
  ServeCommand() {}

  @Override
  public Integer call() {
    return serve(spec, settings);
  }

  static int serve(CommandSpec spec, List<String> settings) {
    requireSettings(spec, settings);
    return new Service(settings).run();
  }

  /** Refuses what picocli does not know and is no setting either. */
  static void requireSettings(CommandSpec spec, List<String> settings) {
    List<String> unknown =
        settings.stream().filter(argument -> !SETTING.matcher(argument).matches()).toList();
    if (!unknown.isEmpty()) {
      throw new UnmatchedArgumentException(spec.commandLine(), unknown);
    }
  }
}
