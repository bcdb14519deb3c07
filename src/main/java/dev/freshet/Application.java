package dev.freshet;

import io.micronaut.runtime.Micronaut;

/** Starts the service. */
public final class Application {

  private Application() {}

  public static void main(String[] arguments) {
    Micronaut.build(arguments).banner(false).start();
  }
}
