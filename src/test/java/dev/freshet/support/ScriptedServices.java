package dev.freshet.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Private servers that {@code scripts/services} runs, which needs Debian 12 and root. */
final class ScriptedServices implements PrivateServices {

  private static final int PATIENCE_SECONDS = 300;

  private final Path folder;

  private ScriptedServices(Path folder) {
    this.folder = folder;
  }

  static ScriptedServices start() throws IOException {
    // The servers run as users of their own.
    var readable =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    Path folder = Files.createTempDirectory("freshet-crash");
    Files.setPosixFilePermissions(folder, readable.value());
    var services = new ScriptedServices(folder);
    services.run("start");
    return services;
  }

  @Override
  public String jdbcUrl() throws IOException {
    return variable("FRESHET_TEST_JDBC_URL");
  }

  @Override
  public String rabbitmqUrl() throws IOException {
    return variable("FRESHET_TEST_RABBITMQ_URL");
  }

  /** SIGKILL to every process of the server. */
  @Override
  public void killPostgres() throws IOException {
    run("kill-postgres");
  }

  @Override
  public void startPostgres() throws IOException {
    run("start-postgres");
  }

  /** SIGKILL. */
  @Override
  public void killRabbitmq() throws IOException {
    run("kill-rabbitmq");
  }

  @Override
  public void startRabbitmq() throws IOException {
    run("start-rabbitmq");
  }

  @Override
  public void rabbitmqctl(String... arguments) throws IOException {
    run("rabbitmqctl", arguments);
  }

  private String variable(String name) throws IOException {
    var value = Pattern.compile("export " + name + "='(.*)'");
    try (Stream<String> lines = Files.lines(folder.resolve("env"))) {
      return lines
          .map(value::matcher)
          .filter(line -> line.matches())
          .map(line -> line.group(1))
          .findAny()
          .orElseThrow();
    }
  }

  private void run(String command, String... arguments) throws IOException {
    Path log = folder.resolve("commands.log");
    var words = new ArrayList<>(List.of("scripts/services", command, folder.toString()));
    words.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(new File("/dev/null"))
            .start();
    if (!ends(process) || process.exitValue() != 0) {
      process.destroy();
      throw new IllegalStateException(
          "scripts/services "
              + command
              + " failed; a test that kills servers needs Debian 12 and root:\n"
              + Files.readString(log));
    }
  }

  private static boolean ends(Process process) {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    run("stop");
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
