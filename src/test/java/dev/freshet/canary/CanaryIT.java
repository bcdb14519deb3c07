package dev.freshet.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The canary on a real PostgreSQL, with a trigger in the place of its capture. */
class CanaryIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  /** Publishes what the trigger noted, as Debezium would, until it is told to stop. */
  private static final class Capture implements AutoCloseable {

    private final String schema;
    private final ChangePublisher publisher;
    private final Connection connection;
    private final Thread thread = new Thread(this::run, "capture");
    private volatile boolean captures = true;
    private volatile boolean closed;
    private long seen;

    Capture(String schema, ChangePublisher publisher) throws SQLException {
      this.schema = schema;
      this.publisher = publisher;
      this.connection = DriverManager.getConnection(Services.jdbcUrl());
      thread.start();
    }

    private void run() {
      try {
        while (!closed) {
          if (captures) {
            publish();
          }
          TimeUnit.MILLISECONDS.sleep(20);
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private void publish() throws Exception {
      try (var statement = connection.createStatement();
          var rows =
              statement.executeQuery(
                  "SELECT seq, op, id, title, tx FROM %s.noted WHERE seq > %d ORDER BY seq"
                      .formatted(schema, seen))) {
        while (rows.next()) {
          seen = rows.getLong("seq");
          String row =
              "{\"id\":\"%s\",\"title\":\"%s\"}"
                  .formatted(rows.getString("id"), rows.getString("title"));
          boolean deletion = rows.getString("op").equals("d");
          String event =
              """
              {"op":"%s","%s":%s,"source":{"schema":"%s","table":"canary","txId":%s,"lsn":%d}}"""
                  .formatted(
                      rows.getString("op"),
                      deletion ? "before" : "after",
                      row,
                      schema,
                      rows.getString("tx"),
                      1_000 + seen);
          publisher.publish(
              new ChangeMessage(
                  schema + ".canary", Map.of(), event.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }

    @Override
    public void close() throws SQLException {
      closed = true;
      await().atMost(PATIENCE).until(() -> !thread.isAlive());
      connection.close();
    }
  }

  private static void createTable(String schema) throws SQLException {
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE SCHEMA %1$s;
          CREATE TABLE %1$s.canary (
            id text PRIMARY KEY, title text NOT NULL, probed_at timestamptz NOT NULL);
          CREATE TABLE %1$s.noted (
            seq bigserial, op text, id text, title text, tx bigint
              DEFAULT (pg_current_xact_id()::text::bigint & 4294967295));
          CREATE FUNCTION %1$s.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'DELETE' THEN
              INSERT INTO %1$s.noted (op, id, title) VALUES ('d', OLD.id, OLD.title);
            ELSE
              INSERT INTO %1$s.noted (op, id, title) VALUES ('c', NEW.id, NEW.title);
            END IF;
            RETURN NULL;
          END $$;
          CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON %1$s.canary
            FOR EACH ROW EXECUTE FUNCTION %1$s.note();
          INSERT INTO %1$s.canary VALUES ('left', 'canary of a killed process', '2020-01-01');
          """
              .formatted(schema));
    }
  }

  private static String rows(String schema) throws SQLException {
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM " + schema + ".canary")) {
      row.next();
      return row.getString(1);
    }
  }

  private FreshetServer server(String schema) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("freshet.feed", "memory");
    properties.put("rabbitmq.enabled", false);
    properties.put("freshet.sink", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", Services.jdbcUrl());
    properties.put("freshet.canary.interval", "200ms");
    properties.put("freshet.canary.timeout", "5s");
    properties.put("freshet.canary.table", schema + ".canary");
    properties.put("freshet.tables." + schema + ".canary.content", "{title}");
    return FreshetServer.start(properties);
  }

  @Test
  void aProbeGoesTheWholeWayAndFailsWhereTheWayIsBroken() throws Exception {
    try (var schema = new TestSchema()) {
      createTable(schema.name());
      try (var server = server(schema.name());
          var capture = new Capture(schema.name(), server.bean(ChangePublisher.class))) {
        var registry = server.bean(MeterRegistry.class);
        var timer = registry.get("freshet.canary").timer();
        var failing = registry.get("freshet.canary.failing").gauge();

        await().atMost(PATIENCE).until(() -> timer.count() >= 2);
        assertThat(failing.value()).isZero();
        assertThat(timer.max(TimeUnit.SECONDS)).isBetween(0.0, 10.0);
        assertThat(server.get("/documents/" + schema.name() + ".canary/left").body())
            .contains("\"deleted\"");

        capture.captures = false;
        await().atMost(PATIENCE).until(() -> failing.value() == 1);
        assertThat(server.get("/health").status()).isEqualTo(200);
        assertThat(server.bean(CanaryState.class).last().orElseThrow().description())
            .contains("5000 ms")
            .contains(schema.name() + ".canary must be captured");

        capture.captures = true;
        long before = timer.count();
        await().atMost(PATIENCE).until(() -> failing.value() == 0);
        assertThat(timer.count()).isGreaterThan(before);
      }
      assertThat(Integer.parseInt(rows(schema.name()))).isLessThan(2);
    }
  }
}
