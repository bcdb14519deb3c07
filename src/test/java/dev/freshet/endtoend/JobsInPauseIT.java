package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.SourceDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jobs do while consumption is paused. */
class JobsInPauseIT {

  private static final String PRODUCTS = "public.products";

  @TempDir private Path folder;

  @Test
  void anOpenJobWaitsForTheResumeAndGoesOnByItself() throws Exception {
    try (var source =
            SourceDatabase.create(
                "CREATE TABLE products (id int PRIMARY KEY, title text)",
                "INSERT INTO products SELECT n, 'Lamp ' || n FROM generate_series(1, 100) n");
        var server = start(source)) {
      var calls = new JobCalls(server);
      String backfill = calls.begin("/backfills?table=public.products&rate=20");
      String check = calls.begin("/drift-checks?table=public.products");
      calls.awaitDone(backfill, 20);
      server.post("/consumption/pause", "");

      JsonNode waits = calls.awaitState(backfill, "waiting");
      assertThat(waits.path("problem").asText())
          .contains("consumption is paused", "POST /consumption/resume");
      long documents = calls.documents(PRODUCTS);
      await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
      assertThat(calls.documents(PRODUCTS)).isEqualTo(documents).isLessThan(100);
      assertThat(calls.read(check).path("state").asText()).isEqualTo("queued");

      calls.change(backfill, "cancel");
      await()
          .atMost(JobCalls.PATIENCE)
          .until(() -> calls.read(check).path("problem").asText().contains("is paused"));
      server.post("/consumption/resume", "");
      assertThat(calls.awaitState(check, "done").at("/report/missing/count").asLong())
          .isEqualTo(100 - documents);

      String second = calls.begin("/backfills?table=public.products");
      assertThat(calls.awaitState(second, "done").path("problem").isNull()).isTrue();
      assertThat(calls.documents(PRODUCTS)).isLessThanOrEqualTo(100);
    }
  }

  @Test
  void aJobThatWaitsGoesOnWhereItWas() throws Exception {
    try (var source =
            SourceDatabase.create(
                "CREATE TABLE products (id int PRIMARY KEY, title text)",
                "INSERT INTO products SELECT n, 'Lamp ' || n FROM generate_series(1, 60) n");
        var server = start(source)) {
      var calls = new JobCalls(server);
      server.post("/consumption/pause", "");
      String job = calls.begin("/backfills?table=public.products&rate=20");
      calls.awaitState(job, "waiting");
      assertThat(calls.documents(PRODUCTS)).isZero();

      server.post("/consumption/resume", "");
      calls.awaitState(job, "running");
      calls.awaitDone(job, 20);
      server.post("/consumption/pause", "");
      calls.awaitState(job, "waiting");
      server.post("/consumption/resume", "");

      assertThat(calls.awaitState(job, "done").path("done").asLong()).isEqualTo(60);
      assertThat(calls.documents(PRODUCTS)).isEqualTo(60);
    }
  }

  private FreshetServer start(SourceDatabase source) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", "memory");
    properties.put("freshet.store", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.tables.public.products.key", "id");
    properties.put("freshet.tables.public.products.content", "{title}");
    return FreshetServer.start(properties);
  }
}
