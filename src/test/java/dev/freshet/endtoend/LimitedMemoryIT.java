package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link MemoryCampaign}. */
@BesideOthers
class LimitedMemoryIT {

  /** RabbitMQ 4 takes 16 MB at most where nobody raised its max_message_size. */
  private static final int LARGE = 15_000_000;

  private static final int BURST = 16;

  private static final int ROWS = 60;
  private static final int METADATA = 4_000_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void aBurstOfHugeMessagesEndsIndexedOrDeadLetteredWithin512Megabytes() throws Exception {
    try (var freshet = new LimitedMemory(folder, Map.of("FRESHET_SINK", "lucene"))) {
      freshet.awaitStart();
      for (int i = 1; i < BURST; i++) {
        freshet.publish(i, "A short text.", LARGE);
      }
      freshet.publish(BURST, "Too long a text. ".repeat(LARGE / 17), 0);
      freshet.publish(BURST + 1, "A short text.", 0);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> freshet.isIndexed(BURST + 1) && freshet.queue().deadLetters() == 1);
      for (int i = 1; i < BURST; i++) {
        assertThat(freshet.isIndexed(i)).as("product %d", i).isTrue();
      }
      assertThat(freshet.isIndexed(BURST)).isFalse();
      assertThat(freshet.queue().deadLetter().getProps().getHeaders().get("x-freshet-reason"))
          .hasToString("too-large");
      freshet.assertAlive();
      assertThat(freshet.queue().waiting()).isZero();
    }
  }

  @Test
  void searchesOfRowsWithHugeMetadataAreAnsweredWithin512Megabytes() throws Exception {
    try (var schema = new TestSchema();
        var freshet = LimitedMemory.withDefaultMapping(folder, pgvector(schema))) {
      freshet.awaitStart();
      for (int i = 1; i <= ROWS; i++) {
        freshet.publish(i, "A short text.", METADATA);
      }
      await().atMost(Duration.ofMinutes(4)).until(() -> freshet.isIndexed(ROWS));

      var whole = new AtomicReference<JsonNode>();
      IntStream.range(0, 4).parallel().forEach(i -> whole.set(search(freshet, "")));
      JsonNode chosen = search(freshet, "&fields=id,title");
      JsonNode filtered = search(freshet, "&fields=id&filter=attachment%20%3E%20%27xx%27");

      assertThat(whole.get().path("hits")).hasSize(ROWS);
      assertThat(whole.get().path("truncated").path("hitsWithoutMetadata").asInt())
          .isBetween(ROWS - 1, ROWS);
      assertThat(whole.get().path("truncated").path("detail").asText())
          .contains("freshet.search.max-answer-size", "fields=");
      for (JsonNode answer : List.of(chosen, filtered)) {
        assertThat(answer.path("truncated").isNull()).isTrue();
        assertThat(answer.path("hits"))
            .hasSize(ROWS)
            .allSatisfy(hit -> assertThat(hit.path("metadata").path("id").asInt()).isPositive());
      }
      freshet.assertAlive();
      assertThat(freshet.queue().deadLetters()).isZero();
    }
  }

  private static JsonNode search(LimitedMemory freshet, String more) {
    String found =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> freshet.get("/search?q=short+text&k=" + ROWS + more),
                answer -> answer.startsWith("200"));
    try {
      return JSON.readTree(found.substring(3));
    } catch (JsonProcessingException e) {
      throw new AssertionError(found.substring(0, 200), e);
    }
  }

  private static Map<String, String> pgvector(TestSchema schema) {
    return Map.of(
        "FRESHET_SINK",
        "pgvector",
        "FRESHET_JDBC_URL",
        Services.jdbcUrl(),
        "FRESHET_JDBC_SCHEMA",
        schema.name());
  }

  /** A key that may only read is enough to list them. */
  @Test
  void manyDeadLettersWithLargeHeadersAreListedAndReplayedWithin512Megabytes() throws Exception {
    try (var freshet = new LimitedMemory(folder, Map.of("FRESHET_SINK", "lucene"))) {
      freshet.awaitStart();
      freshet.publish(1, "A short text.", 0);
      await().atMost(Duration.ofSeconds(60)).until(() -> freshet.isIndexed(1));
      Map<String, Object> headers = Map.of("note", "x".repeat(110_000), "x-freshet-id", "forged");
      freshet.publishDeadLetters(5_500, headers);

      for (String path :
          List.of(
              "/dead-letters?limit=1000",
              "/dead-letters?key=none",
              "/dead-letters/forged-5000",
              "/dead-letters/none")) {
        assertThat(freshet.get(path)).as(path).matches("(?s)(200|404).*");
        freshet.assertAlive();
      }
      assertThat(freshet.queue().deadLetters()).isEqualTo(5_500);
    }
  }
}
