package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.FreshetServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Backfills, drift checks and reindexes, as an operator asks for them. */
class JobsIT extends ServedSource {

  private static final int ROWS = 250;

  @Override
  String[] tables() {
    return new String[] {
      "CREATE TABLE products (id int PRIMARY KEY, title text, description text, changed date)",
      "INSERT INTO products SELECT n, 'Lamp ' || n, 'old', date '2026-01-01' + n % 10"
          + " FROM generate_series(1, "
          + ROWS
          + ") n"
    };
  }

  private void start(String feed, Map<String, Object> more) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", feed);
    properties.put("freshet.capture.snapshot", "never");
    properties.put("freshet.tables.public.products.key", "id");
    properties.put("freshet.tables.public.products.content", "{title} {description}");
    properties.putAll(more);
    start(properties);
  }

  private long documents() {
    return server.get("/freshness").json().at("/tables/0/documents").asLong();
  }

  @Test
  void rowsOlderThanThePipelineAreReadBesideLiveChanges() throws Exception {
    start("postgresql", Map.of());
    patiently().until(() -> source.isCaptured());
    String job = begin("/backfills?table=public.products&rate=100");
    for (int id = 1; id <= 60; id++) {
      source.execute("UPDATE products SET description = 'fresh' WHERE id = " + id * 4);
    }
    source.execute("DELETE FROM products WHERE id IN (1, 250)");
    JsonNode done = awaitJob(job, "done");

    assertThat(done.path("done").asLong()).isBetween(ROWS - 2L, (long) ROWS);
    assertThat(done.path("counts").path("indexed").asLong()).isGreaterThan(100);
    awaitText(240, "240 fresh");
    String check = begin("/drift-checks?table=public.products");
    JsonNode checked = awaitJob(check, "done");
    for (String kind : new String[] {"missing", "orphaned", "different"}) {
      assertThat(checked.at("/report/" + kind + "/count").asLong()).as(checked.toString()).isZero();
    }
    assertThat(server.get("/documents/public.products/250").body()).contains("\"deleted\"");
  }

  @Test
  void aJobIsPausedResumedSurvivesARestartAndIsCancelled() throws Exception {
    start("memory", Map.of());
    String job = begin("/backfills?table=public.products&rate=20");
    patiently().until(() -> documents() >= 20);
    server.post("/jobs/" + job + "/pause", "");
    JsonNode paused = awaitJob(job, "paused");
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    long done = server.get("/jobs/" + job).json().path("done").asLong();
    assertThat(done).isBetween(20L, paused.path("done").asLong() + 20);
    stop();

    start("memory", Map.of());
    assertThat(awaitJob(job, "paused").path("done").asLong()).isEqualTo(done);
    server.post("/jobs/" + job + "/resume", "");
    patiently().until(() -> server.get("/jobs/" + job).json().path("done").asLong() > done);
    server.post("/jobs/" + job + "/cancel", "");

    JsonNode cancelled = awaitJob(job, "cancelled");
    assertThat(cancelled.path("endedAt").isTextual()).isTrue();
    assertThat(documents()).isBetween(done, ROWS - 1L);
    assertThat(server.get("/jobs").json().at("/jobs/0/id").asText()).isEqualTo(job);
  }

  @Test
  void aConditionTakesSomeRowsAndARejectedRowIsADeadLetter() throws Exception {
    source.execute("UPDATE products SET description = repeat('x ', 3000) WHERE id = 9");
    start("memory", Map.of("freshet.indexing.max-document-size", "4000"));
    JsonNode done =
        awaitJob(
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
    awaitJob(begin("/backfills?table=public.products&where=id+%3C+11"), "done");
    stop();

    start("memory", Map.of("freshet.tables.public.products.content", "{title}, not new"));
    JsonNode done = awaitJob(begin("/reindexes?table=public.products"), "done");

    assertThat(done.path("counts").path("rendered").asLong()).isEqualTo(10);
    awaitText(7, "new");
  }
}
