package dev.freshet.start;

import dev.freshet.BuildOrigin;
import dev.freshet.client.AwaitCommand;
import dev.freshet.client.DiagnoseCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The command line of Freshet. Without a command it starts the service. */
@Command(
    name = "freshet",
    description = "Keeps a vector index as fresh as the database, and can prove it.",
    mixinStandardHelpOptions = true,
    versionProvider = FreshetCommand.Version.class,
    synopsisHeading = "Usage: ",
    customSynopsis = "java -jar freshet.jar [COMMAND] [--SETTING=VALUE…]",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands (serve without one):%n",
    footer = {
      "",
      "Settings are given as environment variables (FRESHET_STORE=lucene), as options",
      "(--freshet.store=lucene) or in a file that MICRONAUT_CONFIG_FILES names.",
      "Exit codes: 0 done; 1 failed; 64 wrong arguments; 78 wrong configuration."
    },
    subcommands = {
      ServeCommand.class,
      PlaygroundCommand.class,
      AwaitCommand.class,
      DiagnoseCommand.class,
      HelpCommand.class
    })
public final class FreshetCommand implements Callable<Integer> {

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"Freshet " + BuildOrigin.present().sentence()};
    }
  }

  @Spec private CommandSpec spec;

  @Unmatched private List<String> settings = new ArrayList<>();

  // picocli injects the fields.
  @SuppressWarnings("NullAway.Init")
  private FreshetCommand() {}

  /**
   * Runs what the arguments say.
   *
   * @return the exit code
   */
  public static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    var commands =
        new CommandLine(new FreshetCommand())
            .setPosixClusteredShortOptionsAllowed(false)
            .setParameterExceptionHandler(new UsageFault());
    // Only the service takes settings, which picocli does not know.
    commands.getSubcommands().values().stream()
        .filter(
            command ->
                command.getCommand() instanceof AwaitCommand
                    || command.getCommand() instanceof DiagnoseCommand)
        .forEach(command -> command.setUnmatchedArgumentsAllowed(false));
    return commands;
  }

  @Override
  public Integer call() {
    return ServeCommand.serve(spec, settings);
  }
}
