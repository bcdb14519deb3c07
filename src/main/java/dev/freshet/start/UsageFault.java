package dev.freshet.start;

import dev.freshet.OneLine;
import dev.freshet.client.AwaitCommand;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a line or two what is wrong with the arguments, not the whole usage. */
final class UsageFault implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException fault, String[] arguments) {
    CommandLine command = fault.getCommandLine();
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + sentence(fault));
    UnmatchedArgumentException.printSuggestions(fault, command.getErr());
    command
        .getErr()
        .println(
            String.format(
                Locale.ROOT,
                "Try 'java -jar freshet.jar%s --help'.",
                command.getParent() == null ? "" : " " + command.getCommandName()));
    return AwaitCommand.USAGE;
  }

  private static String sentence(ParameterException fault) {
    if (fault instanceof UnmatchedArgumentException unmatched) {
      String argument = unmatched.getUnmatched().get(0);
      return argument.startsWith("-")
          ? "'" + argument + "' is not an option"
          : "'" + argument + "' is not a command";
    }
    return OneLine.of(String.valueOf(fault.getMessage()));
  }
}
