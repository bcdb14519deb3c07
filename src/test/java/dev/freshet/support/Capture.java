package dev.freshet.support;

import static org.awaitility.Awaitility.await;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import io.debezium.engine.format.KeyValueHeaderChangeEventFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Debezium in this JVM, which publishes a database's changes to RabbitMQ as Debezium Server's sink
 * does with the settings that the README shows: in order, the table's name as the routing key,
 * {@code <prefix>.message} for logical messages, {@code default} for a tombstone, and what is
 * confirmed to PostgreSQL was confirmed by the broker before.
 *
 * <p>The exchange and its bindings must be there: nothing is published as mandatory.
 */
public final class Capture implements AutoCloseable {

  private static final String PREFIX = "db";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RabbitmqSink sink;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final DebeziumEngine<ChangeEvent<String, String>> engine;
  private volatile Throwable failure;

  private Capture(SourceDatabase source, TestQueue queue, Map<String, String> settings)
      throws Exception {
    this(settings(source, settings), queue);
  }

  private Capture(Properties properties, TestQueue queue) throws Exception {
    this.sink = new RabbitmqSink(queue.url(), queue.exchange());
    this.engine =
        DebeziumEngine.create(
                KeyValueHeaderChangeEventFormat.of(Json.class, Json.class, Json.class))
            .using(properties)
            .using(
                (success, message, error) -> {
                  if (!success) {
                    failure = error == null ? new IllegalStateException(message) : error;
                  }
                })
            .notifying(sink)
            .build();
  }

  /**
   * Follows these tables, by a publication and a slot of the database's name, and returns when it
   * does. Rows that are there already are read first.
   *
   * @param tables such as {@code public.products}
   */
  public static Capture start(SourceDatabase source, TestQueue queue, String... tables)
      throws Exception {
    return start(source, queue, Map.of(), tables);
  }

  /** As above, with more of Debezium's settings. */
  public static Capture start(
      SourceDatabase source, TestQueue queue, Map<String, String> settings, String... tables)
      throws Exception {
    source.execute(
        "CREATE PUBLICATION %s FOR TABLE %s".formatted(source.name(), String.join(", ", tables)));
    var all = new HashMap<>(settings);
    all.put("table.include.list", String.join(",", tables).replace(".", "\\."));
    return started(new Capture(source, queue, all), source);
  }

  /**
   * Does what a file of Debezium Server says, and returns when it follows the database. Only where
   * that is, and what must be a test's own, takes the place of what the file has.
   *
   * @param offsets where it remembers how far it is
   */
  public static Capture start(SourceDatabase source, TestQueue queue, Properties file, Path offsets)
      throws Exception {
    Properties properties = ServerProperties.ofEngine(file);
    properties.putAll(connection(source));
    // The names of slots are the server's.
    properties.put("slot.name", source.name());
    properties.put("offset.storage.file.filename", offsets.toString());
    return started(new Capture(properties, queue), source);
  }

  private static Capture started(Capture capture, SourceDatabase source) {
    capture.thread.execute(capture.engine);
    await("Debezium follows the database")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> capture.isStreaming(source));
    return capture;
  }

  private boolean isStreaming(SourceDatabase source) throws SQLException {
    requireHealthy();
    return source.isCaptured();
  }

  /** What went wrong, if anything did. */
  public void requireHealthy() {
    if (failure != null) {
      throw new IllegalStateException("The capture has ended", failure);
    }
  }

  private static Properties settings(SourceDatabase source, Map<String, String> settings) {
    Properties properties = properties(source);
    properties.putAll(settings);
    return properties;
  }

  /** Where the database is, with the credentials. */
  private static Map<String, String> connection(SourceDatabase source) {
    URI address = source.address();
    var properties = new HashMap<String, String>();
    properties.put("database.hostname", address.getHost());
    properties.put("database.port", String.valueOf(address.getPort()));
    properties.put("database.dbname", source.name());
    Arrays.stream(address.getQuery().split("&"))
        .filter(parameter -> parameter.matches("(user|password)=.*"))
        .forEach(
            parameter ->
                properties.put(
                    "database." + parameter.substring(0, parameter.indexOf('=')),
                    parameter.substring(parameter.indexOf('=') + 1)));
    return properties;
  }

  private static Properties properties(SourceDatabase source) {
    var properties = new Properties();
    properties.putAll(connection(source));
    properties.put("name", "capture");
    properties.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    properties.put("plugin.name", "pgoutput");
    properties.put("topic.prefix", PREFIX);
    properties.put("slot.name", source.name());
    properties.put("publication.name", source.name());
    properties.put("publication.autocreate.mode", "disabled");
    properties.put("skipped.operations", "none");
    properties.put("poll.interval.ms", "5");
    properties.put("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    properties.put("offset.flush.interval.ms", "0");
    for (String converter : List.of("key.converter.", "value.converter.", "header.converter.")) {
      properties.put(converter + "schemas.enable", "false");
    }
    properties.put("value.converter.replace.null.with.default", "false");
    properties.put("transforms", "route");
    properties.put("transforms.route.type", "org.apache.kafka.connect.transforms.RegexRouter");
    properties.put("transforms.route.regex", PREFIX + "\\.(public\\..*)");
    properties.put("transforms.route.replacement", "$1");
    return properties;
  }

  @Override
  public void close() throws IOException {
    engine.close();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sink.close();
  }
}
