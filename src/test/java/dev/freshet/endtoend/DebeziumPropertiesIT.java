package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.support.Capture;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.SourceDatabase;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration that {@code docs/debezium.md} gives, as it stands in the file. */
class DebeziumPropertiesIT {

  private static final Path FILE = Path.of("docs/debezium/application.properties");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofMillis(200);
  private static final int ROUND = 30;

  private static final String PRODUCTS =
      """
      CREATE TABLE public.products (
        id int PRIMARY KEY, title text, description text, rank text DEFAULT 'unranked',
        weight numeric, sizes int[][], launched date)
      """;

  @TempDir private static Path folder;

  private static Properties file;
  private static TestQueue queue;
  private static TestSchema schema;
  private static SourceDatabase source;
  private static FreshetServer server;
  private Capture capture;

  @BeforeAll
  static void start() throws Exception {
    file = new Properties();
    try (Reader reader = Files.newBufferedReader(FILE)) {
      file.load(reader);
    }
    queue = TestQueue.open();
    schema = new TestSchema();
    source =
        SourceDatabase.create(
            PRODUCTS,
            "INSERT INTO products VALUES (1, 'Old lamp', 'There before the capture')",
            "CREATE TABLE public.audit (note text)",
            "INSERT INTO audit VALUES ('a table of the application, without a key')");
    var properties = new HashMap<String, Object>(queue.properties());
    properties.put(
        "freshet.rabbitmq.routing-keys",
        List.of("public.products.#", "db.message", "__debezium-heartbeat.#"));
    properties.put("freshet.sink", "pgvector");
    properties.put("freshet.jdbc.url", Services.jdbcUrl());
    properties.put("freshet.jdbc.schema", schema.name());
    properties.put("freshet.freshness.silence", "4s");
    server = FreshetServer.start(properties);
    await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    source.close();
    schema.close();
    queue.close();
  }

  @BeforeEach
  void captureAgain() throws Exception {
    capture = Capture.start(source, queue, file, folder.resolve("offsets.dat"));
  }

  @AfterEach
  void endCapture() throws Exception {
    capture.close();
  }

  private static void awaitState(int id, String state) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () ->
                assertThat(server.get("/documents/public.products/" + id).json().path("state"))
                    .hasToString('"' + state + '"'));
  }

  private static String value(String query) throws SQLException {
    try (var connection = source.connect();
        var rows = connection.createStatement().executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static JsonNode metadata(int id) {
    return server
        .get(
            "/search?q=lamp&mode=vector&k=100&exact=true&filter="
                + FreshetServer.encode("id = " + id))
        .json()
        .at("/hits/0/metadata");
  }

  @Test
  void theApplicationsTablesWithoutAKeyAreLeftAlone() throws Exception {
    source.execute("UPDATE audit SET note = 'changed'", "DELETE FROM audit");

    assertThat(value("SELECT puballtables FROM pg_publication WHERE pubname = 'freshet'"))
        .isEqualTo("f");
    assertThat(value("SELECT string_agg(tablename, ',') FROM pg_publication_tables"))
        .isEqualTo("products");
  }

  @Test
  void rowsOfBeforeAndAllKindsOfChangesArrive() throws Exception {
    awaitState(1, "indexed");
    source.execute("INSERT INTO products VALUES (2, 'New lamp', 'Came later')");
    awaitState(2, "indexed");
    source.execute("DELETE FROM products WHERE id = 2");
    awaitState(2, "deleted");
    source.execute("INSERT INTO products VALUES (3, 'Third lamp', 'Is truncated')");
    awaitState(3, "indexed");
    source.execute("TRUNCATE products");
    awaitState(3, "deleted");
    awaitState(1, "deleted");
    capture.requireHealthy();
  }

  @Test
  void aCommitIsSearchableSoon() throws Exception {
    Duration median = medianFromCommitToHit(100);
    // A busy machine slows some rounds down; polling twice a second would slow down all.
    for (int round = 1; round < 3 && median.compareTo(SOON) >= 0; round++) {
      median = medianFromCommitToHit(100 + round * ROUND);
    }
    assertThat(median).isLessThan(SOON);
  }

  private static Duration medianFromCommitToHit(int firstId) throws Exception {
    var took = new ArrayList<Duration>();
    for (int id = firstId; id < firstId + ROUND; id++) {
      String word = "lamp" + id;
      source.execute("INSERT INTO products VALUES (%d, '%s', 'Its own')".formatted(id, word));
      long committed = System.nanoTime();
      while (server.get("/search?mode=keyword&q=" + word).json().path("hits").isEmpty()) {
        assertThat(Duration.ofNanos(System.nanoTime() - committed)).isLessThan(PATIENCE);
        Thread.sleep(2);
      }
      took.add(Duration.ofNanos(System.nanoTime() - committed));
    }
    Collections.sort(took);
    return took.get(took.size() / 2);
  }

  @Test
  void aWaitEndsOnAQuietDatabase() throws Exception {
    source.execute("INSERT INTO products VALUES (50, 'Quiet lamp', 'Nothing follows')");
    String lsn = value("SELECT pg_current_wal_lsn()");

    assertThat(server.get("/search?q=lamp&timeout=20s&minLsn=" + lsn).status()).isEqualTo(200);
  }

  @Test
  void aHeartbeatComesWhileNothingIsWrittenAndItsEndIsAnAlarm() throws Exception {
    Instant begun = Instant.now();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode heard = server.get("/freshness").json().at("/source/lastHeardAt");
              return !heard.isNull() && Instant.parse(heard.asText()).isAfter(begun.plusSeconds(3));
            });
    assertThat(alarms()).isEmpty();

    capture.close();
    await().atMost(PATIENCE).until(() -> alarms().equals(List.of("heartbeat-stopped")));
    capture = Capture.start(source, queue, file, folder.resolve("offsets.dat"));
    await().atMost(PATIENCE).until(() -> alarms().isEmpty());
  }

  private static List<String> alarms() {
    return server.get("/freshness").json().path("alarms").findValuesAsText("cause");
  }

  @Test
  void aRestartGoesOnWhereTheCaptureWas() throws Exception {
    source.execute("INSERT INTO products VALUES (60, 'First lamp', 'Before')");
    awaitState(60, "indexed");
    capture.close();
    source.execute("INSERT INTO products VALUES (61, 'Second lamp', 'Meanwhile')");

    capture = Capture.start(source, queue, file, folder.resolve("offsets.dat"));

    awaitState(61, "indexed");
    assertThat(Files.size(folder.resolve("offsets.dat"))).isPositive();
    assertThat(server.get("/prometheus").body())
        .as("no second snapshot")
        .doesNotContain("outcome=\"stale\"");
  }

  @Test
  void whatDebeziumLosesIsWhatTheDocumentationSays() throws Exception {
    source.execute(
        "INSERT INTO products VALUES (70, 'Odd lamp', 'Of odd values', NULL, 'NaN', '{{1,2},{3,4}}',"
            + " 'infinity')");
    awaitState(70, "indexed");

    JsonNode metadata = metadata(70);
    assertThat(metadata.path("rank").isTextual()).as("NULL is not the default").isFalse();
    assertThat(metadata.path("weight").asText("")).as("NaN is lost").isIn("", "null");
    assertThat(metadata.path("sizes").toString()).contains("[null,null]");
  }

  @Test
  void theReadmesLinesStandInTheFile() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    int begin = readme.indexOf("```properties\n") + "```properties\n".length();
    String snippet = readme.substring(begin, readme.indexOf("```", begin));

    assertThat(snippet.lines().filter(line -> !line.startsWith("#")))
        .hasSizeGreaterThan(8)
        .isSubsetOf(Files.readAllLines(FILE));
    assertThat(Map.copyOf(file))
        .containsEntry("debezium.sink.rabbitmq.routingKey.source", "topic")
        .containsEntry("debezium.sink.rabbitmq.exchange", "db.events");
  }
}
