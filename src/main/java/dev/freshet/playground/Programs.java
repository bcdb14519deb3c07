package dev.freshet.playground;

import com.sun.security.auth.module.UnixSystem;
import dev.freshet.MisconfiguredException;
import dev.freshet.OneLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs PostgreSQL's programs. They refuse to run as root; in a user namespace of their own, root
 * counts as nobody there and still owns its files.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces</a>
 */
final class Programs {

  private static final List<String> NAMESPACE = List.of("unshare", "-U");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path bin;
  private final Path output;
  private final List<String> prefix;

  /** How a program ended. */
  private record End(int code, String output) {}

  private Programs(Path bin, Path output, List<String> prefix) {
    this.bin = bin;
    this.output = output;
    this.prefix = prefix;
  }

  /**
   * Programs that run here.
   *
   * @param binaries has the folder {@code bin}
   * @param output where the last one's output goes
   * @throws MisconfiguredException when they cannot run, with what else to do
   */
  static Programs in(Path binaries, Path output) throws IOException {
    var plain = new Programs(binaries.resolve("bin"), output, List.of());
    plain.requireRunning("postgres", "--version");
    if (new UnixSystem().getUid() != 0) {
      return plain;
    }
    var apart = new Programs(binaries.resolve("bin"), output, NAMESPACE);
    if (!apart.canStart()) {
      throw new MisconfiguredException(
          "PostgreSQL refuses to run as root, and 'unshare -U' does not give it another user here: start the"
              + " playground as an ordinary user. "
              + Platform.BY_HAND);
    }
    return apart;
  }

  private boolean canStart() throws IOException {
    try {
      return run(List.of("unshare", "-U", "true")).code() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** An archive for another C library cannot even be started, or misses its libraries. */
  private void requireRunning(String program, String argument) {
    String reason;
    try {
      End end = run(command(program, List.of(argument)));
      if (end.code() == 0) {
        return;
      }
      reason = firstLine(end.output());
    } catch (IOException e) {
      reason = OneLine.of(String.valueOf(e.getMessage()));
    }
    throw new MisconfiguredException(
        "The playground's PostgreSQL does not run on this machine, which may lack glibc, as Alpine does (%s). %s"
            .formatted(reason, Platform.BY_HAND));
  }

  /**
   * Runs a program to its end.
   *
   * @throws PlaygroundException when it fails, with the last line that it wrote
   */
  void run(String program, List<String> arguments) throws IOException {
    End end = run(command(program, arguments));
    if (end.code() != 0) {
      throw new PlaygroundException(
          "PostgreSQL's %s failed: %s".formatted(program, OneLine.of(end.output().strip())));
    }
  }

  private List<String> command(String program, List<String> arguments) {
    var command = new ArrayList<>(prefix);
    command.add(bin.resolve(program).toString());
    command.addAll(arguments);
    return command;
  }

  /** Into a file: the server inherits the output, and would hold a pipe open. */
  private End run(List<String> command) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(output.toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    Process process = builder.start();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new PlaygroundException(
            "%s has not ended after %d s".formatted(command.get(0), PATIENCE.toSeconds()));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new PlaygroundException("The playground was interrupted");
    }
    return new End(process.exitValue(), Files.readString(output));
  }

  /** Whether a process runs this program of this very folder. */
  boolean runs(ProcessHandle process, String program) {
    Path own = bin.resolve(program);
    // Linux adds a remark where the file was deleted meanwhile.
    return process.isAlive()
        && process
            .info()
            .command()
            .map(command -> Path.of(command.replaceFirst(" \\(deleted\\)$", "")))
            .filter(command -> command.equals(own) || command.equals(real(own)))
            .isPresent();
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  private static String firstLine(String text) {
    return OneLine.of(text.lines().findFirst().orElse("no reason given"));
  }
}
