package dev.freshet.support;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The real Debezium Server, unpacked from its distribution, with the file that {@code
 * docs/debezium} gives users.
 */
public final class DebeziumServer implements AutoCloseable {

  private static final Path FILE = Path.of("docs/debezium/application.properties");

  private final Process process;

  private DebeziumServer(Process process) {
    this.process = process;
  }

  /**
   * Captures {@code public.products}.
   *
   * @param distribution the unpacked folder {@code debezium-server}
   * @param java the {@code java} of a JDK that it runs on (21 or newer)
   * @param folder of its own, for its configuration, its place in the log, and its output
   * @param slot the replication slot and the publication
   */
  public static DebeziumServer start(
      Path distribution,
      Path java,
      Path folder,
      SourceDatabase source,
      String slot,
      TestQueue queue)
      throws IOException {
    var settings = new Properties();
    try (var file = Files.newBufferedReader(FILE)) {
      settings.load(file);
    }
    URI database = source.address();
    settings.put("debezium.source.database.hostname", database.getHost());
    settings.put("debezium.source.database.port", String.valueOf(database.getPort()));
    settings.put("debezium.source.database.user", "freshet");
    settings.put("debezium.source.database.password", "freshet");
    settings.put("debezium.source.database.dbname", source.name());
    settings.put("debezium.source.slot.name", slot);
    settings.put("debezium.source.publication.name", slot);
    settings.put(
        "debezium.source.offset.storage.file.filename", folder.resolve("offsets.dat").toString());
    URI broker = PrivateServices.address(queue.url());
    settings.put("debezium.sink.rabbitmq.connection.host", broker.getHost());
    settings.put("debezium.sink.rabbitmq.connection.port", String.valueOf(broker.getPort()));
    settings.put("debezium.sink.rabbitmq.exchange", queue.exchange());
    settings.put("quarkus.http.port", String.valueOf(FreePorts.next()));
    Path configuration = Files.createDirectories(folder.resolve("config"));
    try (var file = Files.newBufferedWriter(configuration.resolve("application.properties"))) {
      settings.store(file, null);
    }
    Path runner;
    try (var files = Files.list(distribution)) {
      runner = files.filter(it -> it.toString().endsWith("-runner.jar")).findAny().orElseThrow();
    }
    var command =
        List.of(
            java.toString(),
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-cp",
            runner + ":" + configuration + ":" + distribution.resolve("lib") + "/*",
            "io.debezium.server.Main");
    return new DebeziumServer(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("debezium.log").toFile())
            .start());
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
