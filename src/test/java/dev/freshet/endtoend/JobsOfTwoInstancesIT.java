package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.SourceDatabase;
import dev.freshet.support.TestSchema;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances on one index: a job runs on one of them, and either answers for it. */
@BesideOthers
class JobsOfTwoInstancesIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int ROWS = 120;
  private static final String BACKFILL = "/backfills?table=public.products&rate=20";

  private final TestSchema schema = new TestSchema();

  private SourceDatabase source;

  @BeforeEach
  void createSource() throws Exception {
    source =
        SourceDatabase.create(
            "CREATE TABLE products (id int PRIMARY KEY, title text)",
            "INSERT INTO products SELECT n, 'Lamp ' || n FROM generate_series(1, " + ROWS + ") n");
  }

  @AfterEach
  void drop() throws Exception {
    source.close();
    schema.close();
  }

  private FreshetServer start() {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", "memory");
    properties.put("freshet.store", "pgvector");
    properties.put("freshet.jdbc.url", Services.jdbcUrl());
    properties.put("freshet.jdbc.schema", schema.name());
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.tables.public.products.key", "id");
    properties.put("freshet.tables.public.products.content", "{title}");
    return FreshetServer.start(properties);
  }

  private static String note(FreshetServer server, String job) {
    return server.bean(DocumentLedger.class).notes().read("job." + job).orElseThrow();
  }

  /** Which instance runs a job; empty while none does. */
  private static String runner(FreshetServer server, String job) throws Exception {
    return MAPPER.readTree(note(server, job)).at("/lease/instance").asText("");
  }

  /** What a process that was killed leaves: nobody has let go of the job. */
  private void leave(String job, String note) throws SQLException {
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement =
            connection.prepareStatement(
                "UPDATE %s.freshet_note SET text = ? WHERE name = ?".formatted(schema.name()))) {
      statement.setString(1, note);
      statement.setString(2, "job." + job);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  /** The page that its runner had in hand may have been read twice. */
  private static void assertWhole(JsonNode done) {
    long unchanged = done.at("/counts/unchanged").asLong();
    assertThat(done.path("done").asLong()).as(done.toString()).isEqualTo(ROWS);
    assertThat(unchanged).as(done.toString()).isLessThanOrEqualTo(20);
    assertThat(done.at("/counts/indexed").asLong() + unchanged).as(done.toString()).isEqualTo(ROWS);
  }

  @Test
  void eitherPausesAndResumesAJobAndTheOtherGoesOnWhenItsRunnerIsClosed() throws Exception {
    try (var other = start()) {
      String job;
      String first;
      var calls = new JobCalls(other);
      try (var one = start()) {
        job = new JobCalls(one).begin(BACKFILL);
        calls.awaitDone(job, 20);
        first = runner(other, job);
        assertThat(first).isNotEmpty();

        calls.change(job, "pause");
        await().atMost(JobCalls.PATIENCE).until(() -> runner(one, job).isEmpty());
        long done = calls.read(job).path("done").asLong();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        assertThat(new JobCalls(one).awaitState(job, "paused").path("done").asLong())
            .isEqualTo(done);
        calls.change(job, "resume");
        calls.awaitDone(job, done + 20);
      }
      assertWhole(calls.awaitState(job, "done"));
    }
  }

  @Test
  void theOtherGoesOnFromTheLastPageWhenTheRunnerWasKilled() throws Exception {
    String job;
    String left;
    try (var killed = start()) {
      var calls = new JobCalls(killed);
      job = calls.begin(BACKFILL);
      calls.awaitDone(job, 60);
      left = note(killed, job);
    }
    leave(job, left);
    try (var other = start()) {
      assertThat(runner(other, job)).isNotEmpty();
      var calls = new JobCalls(other);
      JsonNode done = calls.awaitState(job, "done");
      assertThat(done.path("done").asLong()).isEqualTo(ROWS);
      assertThat(done.at("/counts/unchanged").asLong()).as(done.toString()).isLessThan(60);
    }
  }

  @Test
  void aCancelByTheOtherTakesEffect() throws Exception {
    try (var one = start();
        var other = start()) {
      String job = new JobCalls(one).begin(BACKFILL);
      var calls = new JobCalls(other);
      calls.awaitDone(job, 20);
      calls.change(job, "cancel");
      long done = calls.awaitState(job, "cancelled").path("done").asLong();
      await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
      assertThat(new JobCalls(one).documents("public.products"))
          .isLessThan(ROWS)
          .isBetween(done, done + 20);
    }
  }
}
