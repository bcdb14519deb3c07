package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.SourceDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backfills, drift checks and reindexes, as an operator asks for them. */
@BesideOthers
class JobsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROWS = 250;

  @TempDir private Path folder;

  private SourceDatabase source;
  private FreshetServer server;

  @BeforeEach
  void createSource() throws Exception {
    source =
        SourceDatabase.create(
            "CREATE TABLE products (id int PRIMARY KEY, title text, description text, changed date)",
            "INSERT INTO products SELECT n, 'Lamp ' || n, 'old', date '2026-01-01' + n % 10"
                + " FROM generate_series(1, "
                + ROWS
                + ") n");
  }

  @AfterEach
  void dropSource() throws Exception {
    if (server != null) {
      server.close();
    }
    source.close();
  }

  private void start(String feed, Map<String, Object> more) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", feed);
    properties.put("freshet.store", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.capture.slot", "s" + source.name());
    properties.put("freshet.capture.snapshot", "never");
    properties.put("freshet.tables.public.products.key", "id");
    properties.put("freshet.tables.public.products.content", "{title} {description}");
    properties.putAll(more);
    server = FreshetServer.start(properties);
  }

  private String begin(String call) {
    var answer = server.post(call, "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer.json().path("id").asText();
  }

  private JsonNode awaitState(String job, String state) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(server.get("/jobs/" + job).json().path("state").asText())
                    .as(server.get("/jobs/" + job).body())
                    .isEqualTo(state));
    return server.get("/jobs/" + job).json();
  }

  private long documents() {
    return server.get("/freshness").json().at("/tables/0/documents").asLong();
  }

  private void awaitText(int id, String text) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () ->
                assertThat(server.get("/search?mode=keyword&k=50&q=" + text).body())
                    .contains("public.products/" + id));
  }

  @Test
  void rowsOlderThanThePipelineAreReadBesideLiveChanges() throws Exception {
    start("postgresql", Map.of());
    await().atMost(PATIENCE).until(() -> source.isCaptured());
    String job = begin("/backfills?table=public.products&rate=100");
    for (int id = 1; id <= 60; id++) {
      source.execute("UPDATE products SET description = 'fresh' WHERE id = " + id * 4);
    }
    source.execute("DELETE FROM products WHERE id IN (1, 250)");
    JsonNode done = awaitState(job, "done");

    assertThat(done.path("done").asLong()).isBetween(ROWS - 2L, (long) ROWS);
    assertThat(done.path("counts").path("indexed").asLong()).isGreaterThan(100);
    awaitText(240, "240+fresh");
    String check = begin("/drift-checks?table=public.products");
    JsonNode checked = awaitState(check, "done");
    for (String kind : new String[] {"missing", "orphaned", "different"}) {
      assertThat(checked.at("/report/" + kind + "/count").asLong()).as(checked.toString()).isZero();
    }
    assertThat(server.get("/documents/public.products/250").body()).contains("\"deleted\"");
  }

  @Test
  void aJobIsPausedResumedSurvivesARestartAndIsCancelled() throws Exception {
    start("memory", Map.of());
    String job = begin("/backfills?table=public.products&rate=20");
    await().atMost(PATIENCE).until(() -> documents() >= 20);
    server.post("/jobs/" + job + "/pause", "");
    JsonNode paused = awaitState(job, "paused");
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    long done = server.get("/jobs/" + job).json().path("done").asLong();
    assertThat(done).isBetween(20L, paused.path("done").asLong() + 20);
    server.close();

    start("memory", Map.of());
    assertThat(awaitState(job, "paused").path("done").asLong()).isEqualTo(done);
    server.post("/jobs/" + job + "/resume", "");
    await()
        .atMost(PATIENCE)
        .until(() -> server.get("/jobs/" + job).json().path("done").asLong() > done);
    server.post("/jobs/" + job + "/cancel", "");

    JsonNode cancelled = awaitState(job, "cancelled");
    assertThat(cancelled.path("endedAt").isTextual()).isTrue();
    assertThat(documents()).isBetween(done, ROWS - 1L);
    assertThat(server.get("/jobs").json().at("/jobs/0/id").asText()).isEqualTo(job);
  }

  @Test
  void aConditionTakesSomeRowsAndARejectedRowIsADeadLetter() throws Exception {
    source.execute("UPDATE products SET description = repeat('x ', 3000) WHERE id = 9");
    start("memory", Map.of("freshet.indexing.max-document-size", "4000"));
    JsonNode done =
        awaitState(
            begin(
                "/backfills?table=public.products&where="
                    + FreshetServer.encode("changed >= '2026-01-09' and id < 100")),
            "done");

    assertThat(done.path("done").asLong()).isEqualTo(20);
    assertThat(done.path("counts").path("rejected").asLong()).isEqualTo(1);
    assertThat(documents()).isEqualTo(19);
    var letters = server.get("/dead-letters").json().path("deadLetters");
    assertThat(letters).hasSize(1);
    assertThat(letters.toString()).contains("too-large", "public.products");
    assertThat(server.get("/documents/public.products/9").body()).contains("\"failed\"");
  }

  @Test
  void whatCannotBeDoneIsToldAtOnce() throws Exception {
    start("memory", Map.of());
    assertThat(server.post("/backfills", "").body()).contains("'table' is missing");
    assertThat(server.post("/backfills?table=public.nothing", "").body())
        .contains("public.nothing", "public.products");
    assertThat(server.post("/backfills?table=public.products&rate=0", "").body())
        .contains("must be an integer from 1");
    assertThat(server.post("/backfills?table=public.products&where=id+is+none", "").body())
        .contains("where", "expected 'null'");
    assertThat(server.post("/backfills?table=public.products&where=colour%20%3D%20red", "").body())
        .contains("colour");
    assertThat(server.post("/drift-checks?table=public.products&repair=perhaps", "").body())
        .contains("must be true or false");
    assertThat(server.post("/reindexes?table=public.nothing", "").status()).isEqualTo(400);
    assertThat(server.post("/jobs/none/pause", "").status()).isEqualTo(404);
  }

  @Test
  void aChangedTemplateIsReindexed() throws Exception {
    start("memory", Map.of());
    awaitState(begin("/backfills?table=public.products&where=id+%3C+11"), "done");
    server.close();

    start("memory", Map.of("freshet.tables.public.products.content", "{title}, not new"));
    JsonNode done = awaitState(begin("/reindexes?table=public.products"), "done");

    assertThat(done.path("counts").path("rendered").asLong()).isEqualTo(10);
    awaitText(7, "new");
  }
}
