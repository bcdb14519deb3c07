package dev.freshet.job.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.freshness.FormerMappings;
import dev.freshet.freshness.PresentRenderings;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.job.JobOutput;
import dev.freshet.job.Progress;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.local.LocalIndexSink;
import dev.freshet.store.IndexStore;
import dev.freshet.store.pgvector.PgvectorStores;
import dev.freshet.support.Models;
import dev.freshet.support.TestSchema;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Another template and another splitter, over an index in PostgreSQL with the bundled model. */
class ReindexIT {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final JsonNode REQUEST =
      JsonNodeFactory.instance.objectNode().put("table", "public.products");
  private static final int DOCUMENTS = 200;

  private static final TableMapping FORMER = mapping("Title: {title}\n\n{description}");
  private static final TableMapping PRESENT = mapping("Title: {title}\n\n{description}\n\n{brand}");

  private final TestSchema schema = new TestSchema();
  private final IndexStore store = PgvectorStores.open(schema, space());
  private final Queue<String> embedded = new ConcurrentLinkedQueue<>();
  private final Random random = new Random(11);

  private final EmbeddingModel model =
      segments -> {
        segments.forEach(segment -> embedded.add(segment.text()));
        return Models.embeddingModel().embedAll(segments);
      };

  private static EmbeddingSpace space() {
    return new EmbeddingSpace(
        Models.embeddingModel().modelName(), Models.embeddingModel().dimension());
  }

  private static TableMapping mapping(String template) {
    return new TableMapping(PRODUCTS, List.of("id"), new ContentTemplate(template), null, Set.of());
  }

  @AfterEach
  void close() throws SQLException {
    store.close();
    schema.close();
  }

  private LocalIndexSink sink(int maxTokens) {
    return new LocalIndexSink(
        store,
        model,
        Models.splitter(maxTokens, 32)::split,
        renderings(maxTokens),
        1_000_000,
        Clock.systemUTC());
  }

  private static Renderings renderings(int maxTokens) {
    return new Renderings("of %d tokens".formatted(maxTokens));
  }

  /** Half of the rows have no brand; one in twenty has a text of several segments. */
  private Upsert row(int key, long lsn, TableMapping mapping, String title) {
    var values = new LinkedHashMap<String, JsonNode>();
    values.put("id", TextNode.valueOf(String.valueOf(key)));
    values.put("title", TextNode.valueOf(title + " sku" + (10_000 + key)));
    values.put("description", TextNode.valueOf(description(key % 20 == 0 ? 300 : 12)));
    values.put("brand", key % 2 == 0 ? NullNode.instance : TextNode.valueOf("Brand " + key));
    var position = new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn));
    var origin = new Origin(position, lsn, null, null, Instant.now());
    return new Upsert(id(key), mapping, new Row(values, Set.of()), null, origin);
  }

  private static DocumentId id(int key) {
    return DocumentId.of(PRODUCTS, String.valueOf(key));
  }

  private String description(int words) {
    List<String> all = List.of("tent", "river", "granite", "coffee", "ridge", "violin", "copper");
    return IntStream.range(0, words)
        .mapToObj(i -> all.get(random.nextInt(all.size())) + (i % 12 == 11 ? ".\n\n" : ""))
        .collect(Collectors.joining(" "));
  }

  /** The segments of all documents, each with its document. */
  private Set<String> segments() {
    Embedding any = model(List.of(TextSegment.from("tent")));
    return store.findNearest(any, SearchScope.everything(100_000), true).stream()
        .map(hit -> hit.documentId() + " " + hit.text())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Embedding model(List<TextSegment> segments) {
    return Models.embeddingModel().embedAll(segments).content().get(0);
  }

  /** How the jobs reach the sink, without their share of the time. */
  private record Direct(LocalIndexSink sink) implements JobOutput {

    @Override
    public List<Outcome> write(List<ChangeMessage> messages) {
      throw new AssertionError("a reindex has no messages");
    }

    @Override
    public List<Outcome> apply(List<DocumentChange> changes) {
      return sink.apply(changes);
    }
  }

  private Progress reindex(LocalIndexSink sink, TableMappings mappings, int maxTokens)
      throws Exception {
    var renderings = new PresentRenderings(store, mappings, renderings(maxTokens));
    var work = new ReindexWork(store, mappings, renderings, new Direct(sink));
    Progress progress = Progress.START;
    while (!progress.ended()) {
      progress = work.step(REQUEST, progress);
    }
    return progress;
  }

  private FormerMappings former(TableMappings mappings, int maxTokens) {
    var renderings = new PresentRenderings(store, mappings, renderings(maxTokens));
    var former = new FormerMappings(store, renderings, Clock.systemUTC());
    former.check();
    return former;
  }

  @Test
  void onlyNewTextsAreEmbeddedWhileSearchesAndLiveChangesGoOn() throws Exception {
    var present = new TableMappings(Map.of(PRODUCTS, PRESENT));
    try (LocalIndexSink earlier = sink(256);
        LocalIndexSink live = sink(128);
        LocalIndexSink job = sink(128)) {
      List<DocumentChange> rows = new ArrayList<>();
      for (int key = 1; key <= DOCUMENTS; key++) {
        rows.add(row(key, key, FORMER, "Product"));
      }
      earlier.apply(rows);
      Set<String> before = segments();
      embedded.clear();
      assertThat(former(present, 128).documents()).isEqualTo(Map.of(PRODUCTS, (long) DOCUMENTS));

      Progress end = reindex(job, present, 128);

      Set<String> added = new TreeSet<>(segments());
      added.removeAll(before);
      assertThat(before.size()).isGreaterThan(DOCUMENTS);
      assertThat(embedded.size()).isEqualTo(added.size()).isGreaterThan(DOCUMENTS / 2);
      assertThat(end.counts())
          .containsEntry("embedded", (long) added.size())
          .containsEntry("unchanged", 90L)
          .containsEntry("rendered", 110L)
          .hasSize(3);
      assertThat(former(present, 128).tables()).isEmpty();

      embedded.clear();
      assertThat(reindex(job, present, 128).counts()).isEmpty();
      assertThat(embedded).isEmpty();

      aReindexBesideSearchesAndLiveChanges(live, job);
    }
  }

  private void aReindexBesideSearchesAndLiveChanges(LocalIndexSink live, LocalIndexSink job)
      throws Exception {
    TableMapping next = mapping("{title}\n\n{brand}\n\n{description}");
    var mappings = new TableMappings(Map.of(PRODUCTS, next));
    var ended = new AtomicBoolean();
    var searches = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<List<String>> missed = threads.submit(() -> missed(ended, searches));
      Future<?> changes =
          threads.submit(
              () -> {
                for (int key = 7; key <= DOCUMENTS; key += 7) {
                  live.apply(List.of(row(key, 1_000 + key, next, "Live")));
                }
              });
      Progress end = reindex(job, mappings, 128);
      changes.get(60, TimeUnit.SECONDS);
      ended.set(true);

      assertThat(missed.get(60, TimeUnit.SECONDS)).isEmpty();
      assertThat(searches).hasValueGreaterThan(50);
      assertThat(end.counts()).doesNotContainKeys("stale", "lacking", "rejected");
    } finally {
      ended.set(true);
      threads.shutdown();
    }
    assertThat(former(mappings, 128).tables()).isEmpty();
    for (int key = 1; key <= DOCUMENTS; key++) {
      String title = (key % 7 == 0 ? "Live" : "Product") + " sku" + (10_000 + key);
      assertThat(titles(key)).as("document %d", key).isNotEmpty().allMatch(title::equals);
    }
  }

  /** The first lines of the document's segments that have one. */
  private List<String> titles(int key) {
    return search(key).stream().map(hit -> hit.text().lines().findFirst().orElseThrow()).toList();
  }

  private List<Hit> search(int key) {
    return store.findMatching("sku" + (10_000 + key), SearchScope.everything(10));
  }

  private List<String> missed(AtomicBoolean ended, AtomicInteger searches) {
    var missed = new ArrayList<String>();
    var keys = new Random(3);
    while (!ended.get()) {
      int key = 1 + keys.nextInt(DOCUMENTS);
      if (search(key).stream().noneMatch(hit -> hit.documentId().equals(id(key)))) {
        missed.add("document " + key);
      }
      searches.incrementAndGet();
    }
    return missed;
  }
}
