package dev.freshet;

import dev.freshet.start.FreshetCommand;

/** Runs the command that the first argument names; without one, the service. */
public final class Application {

  private Application() {}

  public static void main(String[] arguments) {
    System.exit(FreshetCommand.run(arguments));
  }
}
