package dev.freshet.playground;

import dev.freshet.MisconfiguredException;
import java.util.Locale;

/**
 * What the playground's PostgreSQL is built for.
 *
 * @param name for people
 * @param archive the resource that holds its programs
 * @param profile Maven's profile that packages it
 */
record Platform(String name, String archive, String profile) {

  /** What works without a PostgreSQL. */
  static final String BY_HAND =
      "Without it, post events by hand: java -Dmicronaut.environments=embedded -jar freshet.jar";

  /** Of this machine. */
  static Platform current() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  /**
   * Of a machine.
   *
   * @param system as Java's {@code os.name} has it
   * @param processor as Java's {@code os.arch} has it
   * @throws MisconfiguredException when there is none for it, with what else to do
   */
  static Platform of(String system, String processor) {
    String os = system.toLowerCase(Locale.ROOT);
    boolean x64 = processor.equals("amd64") || processor.equals("x86_64");
    boolean arm64 = processor.equals("aarch64");
    if (os.startsWith("mac") && (x64 || arm64)) {
      // The same programs for both.
      return new Platform("macOS", "postgres-darwin-arm_64.txz", "playground-macos");
    }
    if (os.startsWith("linux") && x64) {
      return new Platform("Linux x64", "postgres-linux-x86_64.txz", "playground-linux-x64");
    }
    if (os.startsWith("linux") && arm64) {
      return new Platform("Linux aarch64", "postgres-linux-arm_64.txz", "playground-linux-aarch64");
    }
    throw new MisconfiguredException(
        os.startsWith("windows")
            ? "The playground runs on Linux and macOS; on Windows run it inside WSL. " + BY_HAND
            : "The playground has no PostgreSQL for %s on %s, only for Linux and macOS on x64 and aarch64. %s"
                .formatted(system, processor, BY_HAND));
  }
}
