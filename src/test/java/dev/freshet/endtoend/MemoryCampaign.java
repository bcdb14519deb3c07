package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the service takes with a heap of 512 MB; run it with {@code -Dtest=MemoryCampaign
 * -Dtest.excluded.groups=}. RabbitMQ 4 needs {@code max_message_size = 134217728}.
 */
@Tag("campaign")
class MemoryCampaign {

  private static final int HUGE = 20_000_000;
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @TempDir private Path folder;

  private final TestSchema schema = new TestSchema();

  private LimitedMemory start() throws Exception {
    var freshet =
        new LimitedMemory(
            folder,
            Map.of("FRESHET_JDBC_URL", Services.jdbcUrl(), "FRESHET_JDBC_SCHEMA", schema.name()));
    freshet.awaitStart();
    return freshet;
  }

  @Test
  void sixtyMessagesOf20Megabytes() throws Exception {
    int count = 60;
    try (schema;
        var freshet = start()) {
      long started = System.nanoTime();
      for (int id = 1; id <= count; id++) {
        boolean tooLarge = id % 3 == 0;
        freshet.publish(
            id, tooLarge ? "Too long a text. ".repeat(HUGE / 17) : "Short.", tooLarge ? 0 : HUGE);
        freshet.sampleHeap();
      }
      freshet.publish(count + 1, "The largest that the client takes.", 100_000_000);
      freshet.publish(count + 2, "The last one.", 0);
      long published = System.nanoTime();
      await()
          .atMost(PATIENCE)
          .until(
              () -> freshet.isIndexed(count + 2) && freshet.queue().deadLetters() == count / 3 + 1);
      System.out.printf(
          "%d messages of %d bytes and one of 100 MB: %s to publish, %s more to take; %s%n",
          count, HUGE, since(started, published), since(published), freshet.figures());
      for (int id = 1; id <= count; id++) {
        assertThat(freshet.isIndexed(id)).as("product %d", id).isEqualTo(id % 3 != 0);
      }
      freshet.assertAlive();
      assertThat(freshet.queue().waiting()).isZero();
    }
  }

  @Test
  void rowsOf5000Segments() throws Exception {
    int count = 2;
    try (schema;
        var freshet = start()) {
      freshet.publish(100, "Warms the model up.", 0);
      await().atMost(PATIENCE).until(() -> freshet.isIndexed(100));
      var random = new Random(6);
      for (int id = 1; id <= count; id++) {
        long started = System.nanoTime();
        freshet.publish(id, prose(random, 4_600_000), 0);
        freshet.publish(100 + id, "Waits behind it.", 0);
        int current = id;
        await().atMost(PATIENCE).until(() -> freshet.isIndexed(current));
        long huge = System.nanoTime();
        await().atMost(PATIENCE).until(() -> freshet.isIndexed(100 + current));
        System.out.printf(
            "a row of 4.6 MB took %s, the one behind it %s more; %s%n",
            since(started, huge), since(huge), freshet.figures());
      }
      System.out.println(segments(freshet));
      freshet.assertAlive();
    }
  }

  @Test
  void aMillionMessages() throws Exception {
    int count = 1_000_000;
    try (schema;
        var freshet = start()) {
      long started = System.nanoTime();
      var chunk = new ArrayList<ChangeMessage>();
      for (int i = 0; i < count; i++) {
        // Few rows are products: the feed is what is tried here, not the model.
        boolean product = i % 200 == 0;
        String table = product ? "products" : "orders";
        chunk.add(
            new ChangeMessage(
                "public." + table,
                new HashMap<>(),
                """
                {"op": "u", "source": {"schema": "public", "table": "%s", "lsn": %d},
                 "after": {"id": %d, "title": "Row %d", "description": "A text of no length."}}
                """
                    .formatted(table, 1_000 + i * 8L, i % 1_000, i)
                    .getBytes(StandardCharsets.UTF_8)));
        if (chunk.size() == 5_000) {
          freshet.queue().publish(List.copyOf(chunk));
          freshet.sampleHeap();
          chunk.clear();
        }
      }
      long published = System.nanoTime();
      long left = freshet.queue().waiting();
      freshet.publish(7, "The last one.", 0);
      freshet.publish(1_001, "The last one.", 0);
      await().atMost(PATIENCE).until(() -> freshet.isIndexed(1_001));
      System.out.printf(
          "%d messages: %s to publish, %d waited then, %s more to take; %s%n",
          count, since(started, published), left, since(published), freshet.figures());
      freshet.assertAlive();
      await().until(() -> freshet.queue().waiting() == 0);
      assertThat(freshet.queue().deadLetters()).isZero();
    }
  }

  private static String segments(LimitedMemory freshet) throws Exception {
    return freshet.metric("freshet_segments_total");
  }

  private static String prose(Random random, int characters) {
    var text = new StringBuilder();
    String[] words =
        ("the water of a small river runs below old trees where people walk in summer and carry"
                + " light tents warm jackets maps and bread while birds call from the other side")
            .split(" ", -1);
    while (text.length() < characters) {
      for (int word = 0; word < 12; word++) {
        text.append(words[random.nextInt(words.length)]).append(' ');
      }
      text.append(random.nextInt(1_000)).append(". ");
    }
    return text.toString();
  }

  private static String since(long started) {
    return since(started, System.nanoTime());
  }

  private static String since(long started, long ended) {
    return "%.1f s".formatted((ended - started) / 1e9);
  }
}
