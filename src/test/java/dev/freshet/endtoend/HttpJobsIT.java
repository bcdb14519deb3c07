package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.RecordedLlamaService;
import dev.freshet.support.RecordedLlamaService.Call;
import dev.freshet.support.SourceDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs where a LlamaIndex service has the index. */
@BesideOthers
class HttpJobsIT {

  private static final int ROWS = 300;

  private final RecordedLlamaService service = RecordedLlamaService.start();

  @TempDir private Path folder;

  private SourceDatabase source;

  @BeforeEach
  void createSource() throws Exception {
    source =
        SourceDatabase.create(
            "CREATE TABLE products (id int PRIMARY KEY, title text, colour text, shade text)",
            "INSERT INTO products SELECT n, 'Lamp ' || n, 'red', CASE WHEN n > 10 THEN 'red' ELSE 'pink' END"
                + " FROM generate_series(1, "
                + ROWS
                + ") n");
  }

  @AfterEach
  void dropSource() throws Exception {
    service.close();
    source.close();
  }

  private FreshetServer start(String content) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", "memory");
    properties.put("freshet.sink", "http");
    properties.put("freshet.llama.url", service.url().toString());
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.tables.public.products.key", "id");
    properties.put("freshet.tables.public.products.content", content);
    return FreshetServer.start(properties);
  }

  private static void backfill(JobCalls calls) {
    JsonNode done = calls.awaitState(calls.begin("/backfills?table=public.products"), "done");
    assertThat(done.at("/counts/indexed").asLong()).as(done.toString()).isEqualTo(ROWS);
  }

  private static void assertFound(JsonNode check, long missing, long orphaned, long different) {
    assertThat(
            List.of(
                check.at("/report/missing/count").asLong(),
                check.at("/report/orphaned/count").asLong(),
                check.at("/report/different/count").asLong()))
        .as(check.toString())
        .containsExactly(missing, orphaned, different);
  }

  private List<String> sent() {
    return service.calls().stream().map(Call::documentId).flatMap(Optional::stream).toList();
  }

  @Test
  void aBackfillSendsTheRowsAndADriftCheckMendsWhatTheServiceHas() throws Exception {
    try (var server = start("{title} {colour}")) {
      var calls = new JobCalls(server);
      backfill(calls);
      assertThat(service.documents()).hasSize(ROWS);
      JsonNode clean = calls.awaitState(calls.begin("/drift-checks?table=public.products"), "done");
      assertFound(clean, 0, 0, 0);

      source.execute(
          "INSERT INTO products VALUES (901, 'Chair', 'blue', 'blue')",
          "DELETE FROM products WHERE id = 7",
          "UPDATE products SET colour = 'green' WHERE id = 8");
      service.forgetCalls();
      JsonNode found = calls.awaitState(calls.begin("/drift-checks?table=public.products"), "done");
      assertFound(found, 1, 1, 1);
      assertThat(sent()).isEmpty();

      JsonNode repaired =
          calls.awaitState(calls.begin("/drift-checks?table=public.products&repair=true"), "done");
      assertThat(repaired.at("/counts/repaired").asLong()).as(repaired.toString()).isEqualTo(3);
      assertThat(sent()).containsExactlyInAnyOrder("901", "7", "8");
      assertThat(service.document("901").toString()).contains("Chair blue");
      assertThat(service.document("8").toString()).contains("Lamp 8 green");
      assertThat(service.documents()).hasSize(ROWS).doesNotContainKey("7");
      JsonNode again = calls.awaitState(calls.begin("/drift-checks?table=public.products"), "done");
      assertFound(again, 0, 0, 0);
    }
  }

  @Test
  void aReindexSendsOnlyDocumentsWhoseTextHasChanged() throws Exception {
    try (var server = start("{title} {colour}")) {
      backfill(new JobCalls(server));
    }
    service.forgetCalls();
    try (var server = start("{title} {shade}")) {
      var calls = new JobCalls(server);
      JsonNode done = calls.awaitState(calls.begin("/reindexes?table=public.products"), "done");

      assertThat(done.path("done").asLong()).as(done.toString()).isEqualTo(ROWS);
      assertThat(sent())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, 10).mapToObj(Integer::toString).toList());
      assertThat(service.document("3").toString()).contains("Lamp 3 pink");
      JsonNode second = calls.awaitState(calls.begin("/reindexes?table=public.products"), "done");
      assertThat(second.path("done").asLong()).as(second.toString()).isZero();
    }
  }

  @Test
  void aServiceThatIsDownMakesTheJobWait() throws Exception {
    try (var server = start("{title} {colour}")) {
      var calls = new JobCalls(server);
      service.answerAll(RecordedLlamaService.Answer.of(503));
      String job = calls.begin("/backfills?table=public.products");
      JsonNode waits = calls.awaitState(job, "waiting");
      assertThat(waits.path("problem").asText()).isNotEmpty();
      assertThat(service.documents()).isEmpty();

      service.recover();
      JsonNode done = calls.awaitState(job, "done");
      assertThat(done.path("done").asLong()).isEqualTo(ROWS);
      assertThat(service.documents()).hasSize(ROWS);
    }
  }
}
