package dev.freshet.endtoend;

import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.support.Capture;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.SourceDatabase;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A database with a table that is indexed, {@code public.products}, and one that is captured and
 * bound but mapped to nothing, {@code public.orders}; Debezium that captures both; and what Freshet
 * needs to index them on pgvector.
 */
final class CapturedShop implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestQueue queue = TestQueue.open();
  private final TestSchema schema = new TestSchema();
  private final SourceDatabase source;
  private final int products;
  private Capture capture;

  /**
   * @param products how many there are before anything is captured; other writers change them
   */
  CapturedShop(int products) throws Exception {
    this.products = products;
    this.source =
        SourceDatabase.create(
            """
            CREATE TABLE products (
              id bigint PRIMARY KEY, title text, description text, price int, stock int)
            """,
            "CREATE TABLE orders (id bigint PRIMARY KEY, product bigint, note text)",
            """
            INSERT INTO products SELECT id, 'Product ' || id, 'Something of use to someone.', id, 0
            FROM generate_series(1, %d) id
            """
                .formatted(products));
  }

  int products() {
    return products;
  }

  SourceDatabase source() {
    return source;
  }

  TestQueue queue() {
    return queue;
  }

  /** What a user would configure. */
  Map<String, Object> properties() {
    var properties = new HashMap<>(queue.properties());
    properties.put("freshet.sink", "pgvector");
    properties.put("freshet.jdbc.url", Services.jdbcUrl());
    properties.put("freshet.jdbc.schema", schema.name());
    properties.put("freshet.tables.public.products.key", List.of("id"));
    return properties;
  }

  /** The same as environment variables; orders, without title and description, map to nothing. */
  Map<String, String> environment() {
    var environment = new HashMap<>(queue.environment());
    environment.put("FRESHET_SINK", "pgvector");
    environment.put("FRESHET_JDBC_URL", Services.jdbcUrl());
    environment.put("FRESHET_JDBC_SCHEMA", schema.name());
    return environment;
  }

  /** Starts the capture once a consumer has declared where the changes go. */
  void capture() throws Exception {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> queue.consumers() > 0);
    capture = Capture.start(source, queue, "public.products", "public.orders");
  }

  /** Freshet in this JVM, connected, the capture running, and what was there before indexed. */
  FreshetServer start() throws Exception {
    return start(Map.of());
  }

  /** As above, configured further. */
  FreshetServer start(Map<String, Object> more) throws Exception {
    var properties = properties();
    properties.putAll(more);
    var server = FreshetServer.start(properties);
    try {
      await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
      capture();
      awaitIndexed(server, products);
      return server;
    } catch (Exception | Error e) {
      server.close();
      throw e;
    }
  }

  /**
   * Freshet in this JVM, which reads the source's log itself, and what was there before indexed.
   */
  FreshetServer startOnTheLog() throws Exception {
    var properties = properties();
    properties.put("freshet.feed", "postgresql");
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.capture.slot", source.name());
    var server = FreshetServer.start(properties);
    try {
      awaitIndexed(server, products);
      return server;
    } catch (Exception | Error e) {
      server.close();
      throw e;
    }
  }

  static void awaitIndexed(FreshetServer server, long product) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                server.get("/documents/public.products/" + product).body().contains("\"indexed\""));
  }

  void requireHealthy() {
    if (capture != null) {
      capture.requireHealthy();
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    // The reader of the log goes before the log, and each goes whatever befalls the one before it.
    try (queue;
        schema;
        source) {
      if (capture != null) {
        capture.close();
      }
    }
  }
}
