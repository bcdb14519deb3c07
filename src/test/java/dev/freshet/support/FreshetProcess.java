package dev.freshet.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged jar, run as a user runs it: a process of its own in a folder of its own. */
public final class FreshetProcess implements AutoCloseable {

  private final Process process;
  private final Path log;
  private final int port;

  private FreshetProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts the jar that the build made.
   *
   * @param folder the working folder; the log is written there, too
   * @param environment what a user would set
   * @param arguments of the command line
   */
  public static FreshetProcess start(
      Path folder, Map<String, String> environment, String... arguments) throws IOException {
    Path jar =
        Path.of(System.getProperty("test.freshet.jar", "target/freshet.jar")).toAbsolutePath();
    try {
      return start(folder, environment, ClassDataArchive.arguments(jar), jar, List.of(arguments));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The start was interrupted", e);
    }
  }

  /** As {@link #start(Path, Map, String...)}, with this jar and these arguments of the JVM. */
  static FreshetProcess start(
      Path folder,
      Map<String, String> environment,
      List<String> jvmArguments,
      Path jar,
      List<String> arguments)
      throws IOException {
    Path log = folder.resolve("freshet.log");
    int port = FreePorts.next();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("FRESHET_HTTP_PORT", String.valueOf(port));
    if (!environment.containsKey("MICRONAUT_ENVIRONMENTS")) {
      // Elsewhere it wants a key; the embedded default says so itself.
      builder.environment().put("FRESHET_HTTP_HOST", "127.0.0.1");
    }
    builder.environment().putAll(environment);
    return new FreshetProcess(builder.start(), log, port);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public int port() {
    return port;
  }

  /**
   * Waits for an end that comes by itself.
   *
   * @return the exit code
   */
  public int exitCode(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it still runs after " + patience);
    }
    return process.exitValue();
  }

  public String log() throws IOException {
    return Files.readString(log);
  }

  /** The answer's body, with its status before it; empty while nothing answers. */
  public String get(String path) throws InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  /** As {@link #get}, with an API key. */
  public String get(String path, String key) throws InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + key).GET());
  }

  public String post(String path, String json) throws InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  public String delete(String path) throws InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static String send(HttpRequest.Builder request) throws InterruptedException {
    try {
      var response =
          HttpClient.newHttpClient()
              .send(
                  request.timeout(Duration.ofSeconds(10)).build(),
                  HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Sends SIGTERM and waits for the end.
   *
   * @return whether it ended in time
   */
  public boolean terminate(Duration patience) throws InterruptedException {
    process.destroy();
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** {@code kill -9}: the process has no time for anything. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
