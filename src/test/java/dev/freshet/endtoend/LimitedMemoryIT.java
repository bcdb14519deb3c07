package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link MemoryCampaign}. */
class LimitedMemoryIT {

  /** RabbitMQ 4 takes 16 MB at most where nobody raised its max_message_size. */
  private static final int LARGE = 15_000_000;

  private static final int BURST = 16;

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
