package dev.freshet.hostile;

import dev.freshet.RejectionReason;
import dev.freshet.document.Renderings;
import dev.freshet.sink.local.LocalIndexSink;
import dev.freshet.store.IndexStore;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.freshet.store.pgvector.PgvectorStores;
import dev.freshet.support.FuzzedMessages;
import dev.freshet.support.TestSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Feeds 100,000 fuzzed messages to each store; run it with {@code -Dtest=FuzzCampaign
 * -Dtest.excluded.groups=}, and with {@code -Dfuzz.seed=} and {@code -Dfuzz.messages=} again.
 */
@Tag("campaign")
class FuzzCampaign {

  private static final int CHUNK = 1_000;

  private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
  private final int messages = Integer.getInteger("fuzz.messages", 100_000);

  @Test
  void luceneTakesWhateverComes(@TempDir Path folder) {
    try (var store = LuceneIndexStore.open(folder, CheapModel.SPACE)) {
      feed("lucene", store);
    }
  }

  @Test
  void pgvectorTakesWhateverComes() throws Exception {
    try (var schema = new TestSchema();
        var store = PgvectorStores.open(schema, CheapModel.SPACE)) {
      feed("pgvector", store);
    }
  }

  private void feed(String name, IndexStore store) {
    System.out.printf("%s: %d messages, fuzz.seed=%d%n", name, messages, seed);
    long start = System.nanoTime();
    var fuzzed = new FuzzedMessages(seed);
    var bystanders = new Bystanders();
    var reasons = new EnumMap<RejectionReason, Integer>(RejectionReason.class);
    var sink =
        new LocalIndexSink(
            store,
            new CheapModel(),
            CheapModel::split,
            Renderings.UNSPLIT,
            64 * Intake.MEGABYTE,
            Clock.systemUTC());
    try (var intake = new Intake(sink)) {
      for (int fed = 0; fed < messages; fed += CHUNK) {
        var deadLetters = intake.settle(bystanders.among(fuzzed.next(CHUNK)));
        deadLetters.forEach(letter -> reasons.merge(letter.rejection().reason(), 1, Integer::sum));
        bystanders.assertIndexed(store);
      }
    }
    System.out.printf("%s: %s, %s%n", name, reasons(reasons), seconds(start));
  }

  private static String seconds(long start) {
    return (System.nanoTime() - start) / 1_000_000_000 + " s";
  }

  private static String reasons(Map<RejectionReason, Integer> reasons) {
    int sum = reasons.values().stream().mapToInt(Integer::intValue).sum();
    return sum + " dead letters " + reasons;
  }
}
