package dev.freshet.playground;

import dev.freshet.MisconfiguredException;
import java.nio.file.Path;

/**
 * What a user may choose.
 *
 * @param folder where everything is kept
 * @param port PostgreSQL's; 0 for one that is free
 * @param rows how many rows the tables have in the beginning
 * @param reset whether to start over
 */
public record PlaygroundOptions(Path folder, int port, int rows, boolean reset) {

  private static final int LEAST_ROWS = 6;
  private static final int MOST_ROWS = 100_000;
  private static final int HIGHEST_PORT = 65_535;

  public PlaygroundOptions {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new MisconfiguredException(
          "--postgresql-port is %d; use a number from 1 to %d".formatted(port, HIGHEST_PORT));
    }
    if (rows < LEAST_ROWS || rows > MOST_ROWS) {
      throw new MisconfiguredException(
          "--rows is %d; use a number from %d to %d".formatted(rows, LEAST_ROWS, MOST_ROWS));
    }
  }
}
