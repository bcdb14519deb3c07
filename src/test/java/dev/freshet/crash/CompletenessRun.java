package dev.freshet.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.crash.KeyedTables.KeyedTable;
import dev.freshet.support.Capture;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.TestQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Tables that were there before the pipeline, which only backfills can bring to the index: the
 * packaged jar reads them under live changes, while it and the server of source and index are
 * killed. Then drift checks have to find nothing, and later exactly what the test has broken.
 */
final class CompletenessRun implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration HEALING = Duration.ofSeconds(90);
  private static final Duration CHECKING = Duration.ofMinutes(10);

  /** How the changes come. */
  enum Feed {
    POSTGRESQL,
    RABBITMQ
  }

  private final PrivateServices services;
  private final KeyedTables tables;
  private final PgvectorIndex index;
  private final Random random;
  private final TestQueue queue;
  private final Instances instances;
  private Capture capture;

  CompletenessRun(
      Path folder, PrivateServices services, Feed feed, KeyedTables tables, Random random)
      throws Exception {
    this.services = services;
    this.tables = tables;
    this.random = random;
    this.index = new PgvectorIndex(services.jdbcUrl(), services.jdbcUrl());
    var environment = new HashMap<>(index.environment());
    environment.put("FRESHET_SOURCE_URL", tables.database().jdbcUrl());
    // Live changes alone keep a small machine busy.
    environment.put("FRESHET_JOBS_SHARE", "1");
    environment.put("MICRONAUT_CONFIG_FILES", configuration(folder).toString());
    if (feed == Feed.RABBITMQ) {
      this.queue = TestQueue.open(services.rabbitmqUrl());
      environment.putAll(queue.environment());
    } else {
      this.queue = null;
      environment.put("FRESHET_FEED", "postgresql");
      environment.put("FRESHET_CAPTURE_SLOT", tables.database().name());
      environment.put("FRESHET_CAPTURE_SNAPSHOT", "never");
    }
    this.instances = new Instances(folder, environment);
  }

  private static Path configuration(Path folder) throws IOException {
    var text = new StringBuilder("freshet:\n  tables:\n");
    KeyedTables.all()
        .forEach(
            table ->
                text.append("    %s:\n      key: [%s]\n".formatted(table.id(), table.keyNames())));
    return Files.writeString(folder.resolve("tables.yml"), text);
  }

  void start() throws Exception {
    instances.add();
    if (queue != null) {
      capture =
          Capture.start(
              tables.database(),
              queue,
              Map.of("snapshot.mode", "no_data"),
              KeyedTables.all().map(table -> table.id().toString()).toArray(String[]::new));
    }
    await().atMost(HEALING).until(() -> tables.database().isCaptured());
    tables.start();
  }

  /**
   * Reads all tables, the large one at last, and kills at even distances meanwhile.
   *
   * @param kills of Freshet
   * @param postgresKills of the server of source and index
   * @return how long the large one took
   */
  Duration backfill(int kills, int postgresKills) throws Exception {
    for (KeyedTable table : KeyedTables.all().toList()) {
      if (!table.equals(KeyedTables.PRODUCTS)) {
        awaitDone(begin("/backfills", table, ""), HEALING);
      }
    }
    String job = begin("/backfills", KeyedTables.PRODUCTS, "");
    long began = System.nanoTime();
    int all = kills + postgresKills;
    long total = tables.rows(KeyedTables.PRODUCTS) * 3L / 4;
    for (int fault = 0; fault < all; fault++) {
      awaitDone(job, total * (fault + 1) / (all + 1));
      boolean postgres = (fault + 1) * postgresKills / all > fault * postgresKills / all;
      System.out.printf("%s at %s%n", postgres ? "PostgreSQL kill -9" : "kill -9", job(job));
      if (postgres) {
        services.killPostgres();
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2_000));
        services.startPostgres();
      } else {
        instances.get(0).kill();
        instances.restart(0);
      }
    }
    JsonNode done = awaitDone(job, Duration.ofHours(2));
    tables.requireHealthy();
    if (capture != null) {
      capture.requireHealthy();
    }
    System.out.println("backfilled: " + done);
    assertThat(done.at("/counts/rejected").asLong()).as(done.toString()).isZero();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private String begin(String call, KeyedTable table, String more) throws Exception {
    String answer = instances.get(0).post("%s?table=%s%s".formatted(call, table.id(), more), "");
    assertThat(answer).startsWith("202");
    return json(answer).path("id").asText();
  }

  private JsonNode job(String id) throws Exception {
    return json(instances.get(0).get("/jobs/" + id));
  }

  /** Of no answer, too. */
  private static JsonNode json(String answer) throws IOException {
    return MAPPER.readTree(answer.substring(answer.indexOf(' ') + 1));
  }

  private void awaitDone(String job, long rows) {
    await()
        .atMost(Duration.ofHours(1))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              JsonNode now = job(job);
              assertThat(now.path("state").asText()).as("the job %s", now).isNotEqualTo("done");
              return now.path("done").asLong() >= rows;
            });
  }

  private JsonNode awaitDone(String job, Duration patience) throws Exception {
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              String state = job(job).path("state").asText();
              assertThat(state).as(() -> "the job " + job).isNotIn("failed", "cancelled");
              return state.equals("done");
            });
    return job(job);
  }

  /** Checks every table. */
  private List<JsonNode> check(boolean repair) throws Exception {
    var results = new ArrayList<JsonNode>();
    for (KeyedTable table : KeyedTables.all().toList()) {
      long began = System.nanoTime();
      JsonNode result = awaitDone(begin("/drift-checks", table, "&repair=" + repair), CHECKING);
      results.add(result);
      System.out.printf(
          "checked in %d ms: %s%n", Duration.ofNanos(System.nanoTime() - began).toMillis(), result);
    }
    return results;
  }

  /** The check finds nothing, whether changes come or not. */
  void requireClean() throws Exception {
    for (JsonNode result : check(false)) {
      for (String kind : List.of("missing", "orphaned", "different", "undecided", "failed")) {
        assertThat(result.at("/counts/" + kind).asLong()).as(result.toString()).isZero();
      }
      assertThat(result.at("/report/basis").asText()).isEqualTo("watermark");
    }
    tables.requireHealthy();
  }

  /** What plain SQL finds in both, while nothing is written, is the same. */
  int requireEqual() throws Exception {
    var rows = new int[1];
    tables.whilePaused(
        () -> {
          Map<String, ObjectNode> contents = tables.contents();
          rows[0] = contents.size();
          Map<String, ?> expected = index.expected(contents);
          await().atMost(HEALING).untilAsserted(() -> assertThat(differences(expected)).isEmpty());
        });
    assertThat(instances.get(0).get("/dead-letters")).contains("\"deadLetters\":[]");
    return rows[0];
  }

  private List<String> differences(Map<String, ?> expected) throws Exception {
    Map<String, ?> actual = index.contents();
    var ids = new TreeSet<>(actual.keySet());
    ids.addAll(expected.keySet());
    return ids.stream()
        .filter(id -> !Objects.equals(actual.get(id), expected.get(id)))
        .map(id -> "%s is %s, not %s".formatted(id, actual.get(id), expected.get(id)))
        .limit(20)
        .toList();
  }

  /**
   * Breaks the index behind Freshet's back, over all tables; a check with repair finds each
   * document, and brings it back.
   *
   * @param each so many documents are missing, so many are orphans, so many are different
   */
  void requireFoundAndRepaired(int each) throws Exception {
    tables.whilePaused(
        () -> {
          var broken = new HashMap<String, List<String>>();
          int small = (int) KeyedTables.all().count() - 1;
          int ofSmall = each / (2 * small);
          for (KeyedTable table : KeyedTables.all().toList()) {
            int count = table.equals(KeyedTables.PRODUCTS) ? each - small * ofSmall : ofSmall;
            index
                .damage(table.id(), count)
                .forEach(
                    (kind, ids) ->
                        broken.computeIfAbsent(kind, any -> new ArrayList<>()).addAll(ids));
          }
          var found = new HashMap<String, List<String>>();
          long repaired = 0;
          for (JsonNode result : check(true)) {
            for (String kind : broken.keySet()) {
              for (JsonNode key : result.at("/report/" + kind + "/examples")) {
                found
                    .computeIfAbsent(kind, any -> new ArrayList<>())
                    .add(result.at("/request/table").asText() + "/" + key.asText());
              }
            }
            repaired += result.at("/counts/repaired").asLong();
          }
          for (String kind : broken.keySet()) {
            assertThat(broken.get(kind)).hasSize(each);
            assertThat(found.get(kind))
                .as(kind)
                .containsExactlyInAnyOrderElementsOf(broken.get(kind));
          }
          assertThat(repaired).isEqualTo(3L * each);
        });
  }

  @Override
  public void close() throws IOException, SQLException {
    instances.close();
    if (capture != null) {
      capture.close();
    }
    if (queue != null) {
      queue.close();
    }
    index.close();
  }
}
