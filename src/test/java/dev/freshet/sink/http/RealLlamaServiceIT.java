package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.PRODUCTS;
import static dev.freshet.sink.http.Changes.delete;
import static dev.freshet.sink.http.Changes.product;
import static dev.freshet.sink.http.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.document.RenderedDocument;
import dev.freshet.document.TableMappings;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.sink.Outcome;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.Models;
import dev.freshet.support.RealLlamaService;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.store.embedding.CosineSimilarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink and the search against the service of {@code examples/llamaindex-service}. */
@BesideOthers
@Tag("llamaindex")
class RealLlamaServiceIT {

  /** What two programs that compute the same model may differ by. */
  private static final double ROUNDING = 1e-5;

  @TempDir private static Path folder;
  private static RealLlamaService running;

  private final InMemoryLedger ledger = new InMemoryLedger();
  private final LlamaIndexService service =
      new LlamaIndexService(
          running.url(),
          Duration.ofSeconds(60),
          new Breaker(
              new BreakerConfiguration(1_000, Duration.ofSeconds(10), 1), Clock.systemUTC()),
          Clock.systemUTC());
  private final HttpIndexSink sink =
      new HttpIndexSink(service, ledger, DocumentIdForm.KEY, true, 8, Clock.systemUTC());

  @BeforeAll
  static void startService() throws Exception {
    running = RealLlamaService.start(folder);
  }

  @AfterAll
  static void stopService() {
    running.close();
  }

  @AfterEach
  void empty() {
    List<DocumentChange> deletes =
        ledger.documentsOf(PRODUCTS).stream()
            .map(id -> delete(id.key().get(0), Integer.MAX_VALUE))
            .toList();
    sink.apply(deletes);
    sink.close();
  }

  @Test
  void itTakesSeveralDocumentsAtATime() {
    assertThat(service.mostDocuments()).isEqualTo(256);
  }

  @Test
  void whatIsSentIsFoundWithItsRowAndWhatIsDeletedIsNot() throws Exception {
    List<Outcome> outcomes =
        sink.apply(
            List.of(
                row("1", "A tent for two in the rain", "12.50", "\"outdoor\"", 1),
                row("2", "A desk of oak", "199", "\"office\"", 1),
                row("a/b?ü", "A lamp with a paper shade", "12.5", "null", 1)));
    assertThat(outcomes).allMatch(Outcome.Indexed.class::isInstance);

    assertThat(search("camping", null).get(0))
        .satisfies(
            hit -> {
              assertThat(hit.documentId()).isEqualTo(product("1"));
              assertThat(hit.text()).isEqualTo("Title: A tent for two in the rain");
              assertThat(hit.metadata()).isNotNull();
              assertThat(hit.metadata().path("price").decimalValue()).isEqualByComparingTo("12.5");
            });
    assertThat(ids(search("anything", "price = 12.5"))).containsOnly("1", "a/b?ü");
    assertThat(ids(search("anything", "category is null"))).containsOnly("a/b?ü");
    assertThat(ids(search("anything", "category in (office) and price > 100"))).containsOnly("2");

    sink.apply(List.of(delete("a/b?ü", 9), row("1", "A chair", "5", "\"office\"", 9)));

    assertThat(ids(search("a lamp", null))).containsOnly("1", "2");
    assertThat(search("a chair", null).get(0).text()).isEqualTo("Title: A chair");
  }

  private static DocumentChange row(
      String key, String title, String price, String category, long lsn) {
    var columns = Map.of("title", "\"" + title + "\"", "price", price, "category", category);
    return upsert(PRODUCTS, key, columns, Set.of(), lsn);
  }

  @Test
  void aLateRequestChangesNothing() throws Exception {
    sink.apply(List.of(upsert("1", "the newer text", 5)));

    var late = upsertOf("1", "the older text", "0000000000000001");
    try {
      service.upsert(late);
      throw new AssertionError("the service took a late request");
    } catch (UnavailableException e) {
      assertThat(e).hasMessageContaining("newer version");
    }

    assertThat(search("text", null)).extracting(Hit::text).containsOnly("Title: the newer text");
  }

  private static Upsert upsertOf(String id, String content, String position) {
    var rendered = new RenderedDocument(content, JsonNodeFactory.instance.objectNode());
    return new Upsert(product(id), id, rendered, position, Map.of());
  }

  @Test
  void aDocumentThatItRefusesIsToBlameAlone() throws Exception {
    String tooLarge = "x".repeat(2_000_000);

    List<Outcome> outcomes =
        sink.apply(List.of(upsert("1", "a", 1), upsert("2", tooLarge, 1), upsert("3", "c", 1)));

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Indexed.class);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Rejected.class);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.Indexed.class);
    assertThat(ids(search("a", null))).containsOnly("1", "3");
  }

  @Test
  void killedWhileItWorksItHasEverythingInTheEnd() throws Exception {
    List<DocumentChange> batch =
        IntStream.range(0, 200)
            .mapToObj(key -> upsert("k" + key, "document number " + key, 1))
            .toList();
    var killer =
        new Thread(
            () -> {
              try {
                Thread.sleep(300);
                running.kill();
                running.restart();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    killer.start();
    int failures = 0;
    List<Outcome> outcomes = List.of();
    while (outcomes.isEmpty()) {
      try {
        outcomes = sink.apply(batch);
      } catch (UnavailableException e) {
        failures++;
        Thread.sleep(200);
      }
    }
    killer.join();

    assertThat(failures).isPositive();
    assertThat(search("document number 7", null, 500))
        .extracting(hit -> hit.documentId().key().get(0))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 200).mapToObj(key -> "k" + key).toList());
  }

  /** LlamaIndex splits a longer text otherwise, so these are of one segment each. */
  @Test
  void theSameRowsGiveTheSameFirstHitsAsInTheJvm() throws Exception {
    List<String> texts = paragraphs();
    List<DocumentChange> changes = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      changes.add(upsert("p" + i, texts.get(i), 1));
    }
    sink.apply(changes);
    Map<DocumentId, Embedding> vectors = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      vectors.put(
          product("p" + i), Models.embeddingModel().embed("Title: " + texts.get(i)).content());
    }

    int same = 0;
    List<String> queries = queries(texts);
    for (String query : queries) {
      Embedding asked = Models.embeddingModel().embed(query).content();
      double best =
          vectors.values().stream()
              .mapToDouble(one -> CosineSimilarity.between(one, asked))
              .max()
              .orElseThrow();
      Hit first = search(query, null).get(0);
      if (CosineSimilarity.between(vectors.get(first.documentId()), asked) >= best - ROUNDING) {
        same++;
      }
    }

    assertThat(queries).hasSize(100);
    assertThat(same).isEqualTo(queries.size());
  }

  /** Of the project's own documentation, which is English and about few things. */
  private static List<String> paragraphs() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("docs"))) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .flatMap(RealLlamaServiceIT::paragraphs)
          .filter(text -> Models.splitter().split("Title: " + text).size() == 1)
          .limit(150)
          .toList();
    }
  }

  private static Stream<String> paragraphs(Path file) {
    try {
      return Arrays.stream(Files.readString(file).split("\n\n"))
          .map(text -> text.replaceAll("[^\\p{L}\\p{N} .,;:()-]+", " ").strip())
          .filter(text -> text.length() > 100);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every third word of a paragraph. */
  private static List<String> queries(List<String> texts) {
    return IntStream.range(0, 100)
        .mapToObj(i -> texts.get(i * texts.size() / 100).split(" +"))
        .map(
            words ->
                IntStream.range(0, Math.min(words.length, 45))
                    .filter(i -> i % 3 == 0)
                    .mapToObj(i -> words[i])
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  private List<Hit> search(String query, @Nullable String filter) throws Exception {
    return search(query, filter, 10);
  }

  private List<Hit> search(String query, @Nullable String filter, int limit) throws Exception {
    var condition = filter == null ? null : new FilterExpressionParser().parse(filter);
    var scope = new SearchScope(limit, null, condition);
    return new HttpSearchEngine(service, ledger, DocumentIdForm.KEY, new TableMappings(Map.of()))
        .search(new SearchQuery(query, SearchMode.VECTOR, scope, -1, false));
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(hit -> hit.documentId().key().get(0)).toList();
  }
}
