package dev.freshet.sink.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.sink.Outcome;
import dev.freshet.store.IndexStore;
import dev.freshet.store.pgvector.PgvectorStores;
import dev.freshet.support.Models;
import dev.freshet.support.TestSchema;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A row of 8 MB of text on pgvector, with a model that is quick. */
class LargeRowIT {

  private static final TableId TABLE = TableId.parse("public.docs");
  private static final TableMapping MAPPING =
      new TableMapping(TABLE, List.of("id"), new ContentTemplate("{body}"), null, Set.of());

  /** The default of {@code freshet.indexing.max-metadata-size}. */
  private static final long MOST_METADATA = 64L * 1024 * 1024;

  private static final String SENTENCE =
      "The water of a small river runs below old trees, where people walk in summer. ";

  private long embedded;

  private final EmbeddingModel model =
      segments -> {
        segments.forEach(segment -> embedded += segment.text().length());
        return Response.from(
            segments.stream()
                .map(segment -> Embedding.from(new float[] {segment.text().length(), 1, 1}))
                .toList());
      };

  @Test
  void aRowOf8MegabytesOfTextIsIndexedAndEachCharacterIsEmbeddedOnce() throws Exception {
    String body = text(8_000_000);
    try (var schema = new TestSchema();
        IndexStore store = PgvectorStores.open(schema, new EmbeddingSpace("test-model", 3))) {
      // Without overlap, so that what is embedded can be counted.
      var splitter = Models.splitter(256, 0);
      var sink =
          new LocalIndexSink(
              store, model, splitter::split, Renderings.UNSPLIT, MOST_METADATA, Clock.systemUTC());

      Outcome outcome =
          await()
              .atMost(Duration.ofMinutes(2))
              .until(
                  () -> sink.apply(List.of(upsert(body))).get(0),
                  known -> !(known instanceof Outcome.Deferred));
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Indexed.class,
              indexed -> assertThat(indexed.segments()).isGreaterThan(5_000));
      assertThat(embedded).isBetween(body.length() * 9L / 10, (long) body.length());
    }
  }

  private static String text(int characters) {
    var text = new StringBuilder();
    for (int i = 0; text.length() < characters; i++) {
      text.append("Number ").append(i).append(": ").append(SENTENCE);
    }
    return text.toString();
  }

  private static Upsert upsert(String body) {
    var origin =
        new Origin(
            new WalPosition(0, new Lsn(1), false, new Lsn(1)), 1L, null, null, Instant.EPOCH);
    Map<String, JsonNode> values =
        Map.of("id", TextNode.valueOf("1"), "body", TextNode.valueOf(body));
    return new Upsert(DocumentId.of(TABLE, "1"), MAPPING, new Row(values, Set.of()), null, origin);
  }
}
