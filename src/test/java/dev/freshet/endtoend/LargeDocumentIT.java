package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.Renderings;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.memory.MemoryFeed;
import dev.freshet.feed.memory.MemoryFeeds;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.indexing.IndexingConfiguration;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.indexing.Signals;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.local.LocalIndexSink;
import dev.freshet.store.IndexStore;
import dev.freshet.store.pgvector.PgvectorStores;
import dev.freshet.support.ForgetfulProgress;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.Models;
import dev.freshet.support.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A document that takes minutes to embed, the real model, and small ones behind it. */
class LargeDocumentIT {

  private static final TableId TABLE = TableId.parse("public.products");
  private static final long MEGABYTE = 1 << 20;

  /** Alone it takes a second; the machine may have others to serve. */
  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(15);

  private final TestSchema schema = new TestSchema();
  private final IndexStore store =
      PgvectorStores.open(
          schema, new EmbeddingSpace("all-minilm-l6-v2", Models.embeddingModel().dimension()));
  private final LocalIndexSink sink =
      new LocalIndexSink(
          store,
          Models.embeddingModel(),
          Models.splitter()::split,
          Renderings.UNSPLIT,
          Long.MAX_VALUE,
          Clock.systemUTC());
  private final MemoryFeed feed = MemoryFeeds.open(1_000);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final IndexingLoop loop =
      new IndexingLoop(
          feed,
          new MessageReader(
              new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE),
              new DocumentMapper(new TableMappings(Map.of())),
              new SizeLimits(32 * MEGABYTE, 8 * MEGABYTE)),
          sink,
          new FailureRecorder(new InMemoryLedger().failures()),
          ForgetfulProgress.of(feed),
          new IndexingConfiguration(
              256,
              MEGABYTE / 2,
              32 * MEGABYTE,
              8 * MEGABYTE,
              Long.MAX_VALUE,
              Duration.ofMillis(50),
              Duration.ofMillis(200),
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              false),
          Signals.of(registry),
          Clock.systemUTC());

  @AfterEach
  void close() throws Exception {
    loop.close();
    sink.close();
    feed.close();
    store.close();
    schema.close();
  }

  private static ChangeMessage row(int id, String text, long lsn) throws Exception {
    var event =
        Map.of(
            "op",
            "u",
            "after",
            Map.of("id", id, "title", "Row " + id, "description", text),
            "source",
            Map.of("schema", "public", "table", "products", "lsn", lsn));
    return new ChangeMessage(
        TABLE.toString(), Map.of(), new ObjectMapper().writeValueAsBytes(event));
  }

  /** Words of a few letters in sentences and paragraphs, no two alike. */
  private static String prose(long characters) {
    var random = new Random(characters);
    var text = new StringBuilder();
    while (text.length() < characters) {
      for (int letter = 2 + random.nextInt(8); letter > 0; letter--) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      int end = random.nextInt(60);
      text.append(end == 0 ? ".\n\n" : end < 5 ? ". " : " ");
    }
    return text.toString();
  }

  private Optional<StoredDocument> stored(int id) {
    var document = new DocumentId(TABLE, List.of(String.valueOf(id)));
    return Optional.ofNullable(store.read(Set.of(document), Set.of()).documents().get(document));
  }

  private String text(int id) {
    return stored(id)
        .map(found -> found.state().columns().get("description").value().asText())
        .orElse("");
  }

  @Test
  void aSmallRowBehindOneOfFourMegabytesIsIndexedWithinSeconds() throws Exception {
    loop.start();
    feed.publish(row(1, prose(4 * MEGABYTE), 10));
    await().atMost(Duration.ofMinutes(1)).until(() -> large() == 1);
    for (int id = 2; id < 6; id++) {
      int small = id;
      feed.publish(row(small, "A small one.", 10L + small));
      await().atMost(A_FEW_SECONDS).until(() -> stored(small).isPresent());
    }
    assertThat(stored(1)).isEmpty();
    assertThat(large()).isEqualTo(1);
  }

  private double large() {
    return registry.get("freshet.indexing.large").gauge().value();
  }

  @Test
  void aChangeOfALargeRowThatIsUnderWayWins() throws Exception {
    String first = prose(70_000);
    String second = prose(66_000);
    loop.start();
    feed.publish(row(1, first, 10));
    await().atMost(Duration.ofMinutes(1)).until(() -> large() == 1);
    feed.publish(row(1, second, 30));
    feed.publish(row(1, "An older one that comes late.", 20));
    feed.publish(row(2, "A small one.", 40));
    await().atMost(A_FEW_SECONDS).until(() -> stored(2).isPresent());

    await()
        .atMost(Duration.ofMinutes(5))
        .untilAsserted(
            () -> {
              assertThat(text(1)).isEqualTo(second);
              assertThat(large()).isZero();
            });
    assertThat(feed.held()).isZero();
  }
}
