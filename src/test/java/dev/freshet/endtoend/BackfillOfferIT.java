package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.job.backfill.BackfillOffers;
import dev.freshet.support.CapturedLog;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.SourceDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new index beside a source that has rows. */
class BackfillOfferIT {

  private static final String LAMPS = "public.lamps";

  @TempDir private Path folder;

  private FreshetServer start(String url) {
    return start(url, Map.of());
  }

  private FreshetServer start(String url, Map<String, Object> more) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", "memory");
    properties.put("freshet.store", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", url);
    for (String table : new String[] {"lamps", "reviews"}) {
      properties.put("freshet.tables.public." + table + ".key", "id");
      properties.put("freshet.tables.public." + table + ".content", "{title}");
    }
    properties.putAll(more);
    return FreshetServer.start(properties);
  }

  private static SourceDatabase source() throws Exception {
    return SourceDatabase.create(
        "CREATE TABLE lamps (id int PRIMARY KEY, title text)",
        "INSERT INTO lamps SELECT n, 'Lamp ' || n FROM generate_series(1, 40) n",
        "CREATE TABLE reviews (id int PRIMARY KEY, title text)");
  }

  private static boolean isOffered(JobCalls calls, String table) {
    return calls.table(table).filter(one -> one.path("backfillOffered").asBoolean()).isPresent();
  }

  @Test
  void aTableOfWhichTheIndexHasNothingIsOfferedABackfillUntilItIsBegun() throws Exception {
    try (var source = source();
        var log = CapturedLog.open();
        var server = start(source.jdbcUrl())) {
      var calls = new JobCalls(server);
      await().atMost(JobCalls.PATIENCE).until(() -> isOffered(calls, LAMPS));

      assertThat(isOffered(calls, "public.reviews")).isFalse();
      assertThat(log.linesWith("POST /backfills?table=" + LAMPS)).hasSize(1);

      String job = calls.begin("/backfills?table=public.lamps&where=id+%3E+100");
      calls.awaitState(job, "done");
      await().atMost(JobCalls.PATIENCE).until(() -> !isOffered(calls, LAMPS));
    }
  }

  @Test
  void documentsEndTheOffer() throws Exception {
    try (var source = source();
        var server = start(source.jdbcUrl())) {
      var calls = new JobCalls(server);
      await().atMost(JobCalls.PATIENCE).until(() -> isOffered(calls, LAMPS));
      String event =
          """
          {"op": "c", "after": {"id": 1, "title": "Lamp"}, "source": {"schema": "public", "table": "lamps"}}
          """;
      assertThat(server.post("/events", event).status()).isEqualTo(202);

      await().atMost(JobCalls.PATIENCE).until(() -> !isOffered(calls, LAMPS));
      assertThat(calls.documents(LAMPS)).isEqualTo(1);
    }
  }

  @Test
  void aSourceThatDoesNotAnswerDoesNotDisturbTheStart() throws Exception {
    try (var server = start("jdbc:postgresql://127.0.0.1:1/none?user=none&password=none")) {
      var offers = server.bean(BackfillOffers.class);
      offers.check();

      assertThat(offers.tables()).isEmpty();
      assertThat(server.get("/freshness").status()).isEqualTo(200);
    }
  }

  @Test
  void aFeedThatIsToldToReadNoRowsLeavesThemToABackfill() throws Exception {
    try (var source = source();
        var server =
            start(
                source.jdbcUrl(),
                Map.of(
                    "freshet.feed", "postgresql",
                    "freshet.capture.snapshot", "never",
                    "freshet.capture.slot", "s" + source.name()))) {
      var calls = new JobCalls(server);
      await().atMost(JobCalls.PATIENCE).until(() -> isOffered(calls, LAMPS));
    }
  }
}
