package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Fingerprint;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.store.IndexStore;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.Corpus;
import dev.freshet.support.ExpectedRows;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Models;
import dev.freshet.support.RecordedLlamaService;
import dev.freshet.support.Services;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every message of the corpus is published to a real RabbitMQ, folder by folder as one source sent
 * it, and the index then holds what the source's tables held.
 */
@BesideOthers
class CorpusIT {

  private static final Map<String, List<String>> KEYS =
      Map.of(
          "public.products", List.of("id"),
          "public.articles", List.of("id"),
          "public.order_lines", List.of("order_id", "line_no"),
          "public.types_zoo", List.of("id"),
          "public.docs", List.of("id"),
          "public.later", List.of("id"));

  private static final Map<String, List<String>> CONTENT_COLUMNS =
      Map.of(
          "public.products", List.of("title", "description"),
          "public.articles", List.of("slug", "body"),
          "public.order_lines", List.of("note"),
          "public.types_zoo", List.of("vc", "hs"),
          "public.docs", List.of("small", "v"),
          "public.later", List.of("v"));

  @TempDir private Path folder;

  static Stream<String> folders() {
    return Corpus.entries().stream().map(Corpus.Entry::folder).distinct();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void theCorpusArrivesInPgvector(String name) throws Exception {
    try (var schema = new TestSchema()) {
      run(
          name,
          Map.of(
              "freshet.sink", "pgvector",
              "freshet.jdbc.url", Services.jdbcUrl(),
              "freshet.jdbc.schema", schema.name()),
          (server, rows) -> searchable(server.bean(IndexStore.class), rows));
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void theCorpusArrivesInLucene(String name) throws Exception {
    run(
        name,
        Map.of("freshet.sink", "lucene", "freshet.data-dir", folder.toString()),
        (server, rows) -> searchable(server.bean(IndexStore.class), rows));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void theCorpusArrivesAtTheLlamaIndexService(String name) throws Exception {
    try (var service = RecordedLlamaService.start()) {
      run(
          name,
          Map.of(
              "freshet.sink",
              "http",
              "freshet.http.url",
              service.url().toString(),
              "freshet.http.document-id",
              "table-key",
              "freshet.data-dir",
              folder.toString()),
          (server, rows) -> sent(service, rows));
    }
  }

  /** What is left to see once the ledger holds the rows. */
  private interface Check {
    void see(FreshetServer server, Map<String, ObjectNode> rows);
  }

  private static void run(String name, Map<String, Object> sink, Check check) throws Exception {
    List<Corpus.Entry> entries = Corpus.entries(name);
    Map<String, ObjectNode> rows = ExpectedRows.after(entries, KEYS);
    try (var queue = TestQueue.open()) {
      var properties = new HashMap<>(queue.properties());
      properties.putAll(sink);
      KEYS.forEach(
          (table, key) -> {
            properties.put("freshet.tables." + table + ".key", key);
            properties.put("freshet.tables." + table + ".content", template(table));
          });
      try (var server = FreshetServer.start(properties)) {
        await().until(() -> server.bean(ChangeFeed.class).status().connected());
        queue.publish(entries.stream().map(Corpus.Entry::message).toList());
        await().atMost(Duration.ofSeconds(60)).until(() -> processed(server) == entries.size());
        assertThat(contents(server)).isEqualTo(expected(rows));
        check.see(server, rows);
      }
      assertThat(queue.waiting()).as("unacknowledged messages").isZero();
      assertThat(queue.deadLetters()).isZero();
    }
  }

  private static int processed(FreshetServer server) {
    return (int)
        server.bean(MeterRegistry.class).find("freshet.events").counters().stream()
            .mapToDouble(Counter::count)
            .sum();
  }

  private static String template(String table) {
    return CONTENT_COLUMNS.get(table).stream()
        .map(column -> "{" + column + "}")
        .collect(Collectors.joining("\n"));
  }

  private static String content(String id, ObjectNode row) {
    String table = id.substring(0, id.indexOf('/'));
    return CONTENT_COLUMNS.get(table).stream()
        .map(row::path)
        .map(value -> value.isNull() ? "" : value.asText())
        .collect(Collectors.joining("\n"))
        .strip();
  }

  private static Map<String, String> expected(Map<String, ObjectNode> rows) {
    var contents = new TreeMap<String, String>();
    rows.forEach((id, row) -> contents.put(id, Fingerprint.of(content(id, row))));
    return contents;
  }

  /** The fingerprint of every document that is not deleted, by its id. */
  private static Map<String, String> contents(FreshetServer server) {
    var ledger = server.bean(DocumentLedger.class);
    var contents = new TreeMap<String, String>();
    for (String table : KEYS.keySet()) {
      Set<DocumentId> ids = Set.copyOf(ledger.documentsOf(TableId.parse(table)));
      for (StoredDocument document : ledger.read(ids, Set.of()).documents().values()) {
        contents.put(document.state().id().toString(), document.contentHash());
        document.state().columns().values().forEach(column -> available(column.value()));
      }
    }
    return contents;
  }

  private static void available(JsonNode value) {
    assertThat(value.toString()).doesNotContain("__debezium_unavailable_value");
  }

  private static void searchable(IndexStore store, Map<String, ObjectNode> rows) {
    var query = Models.embeddingModel().embed("a widget").content();
    List<Hit> hits = store.findNearest(query, SearchScope.everything(5_000), true);
    var found = new TreeSet<String>();
    hits.forEach(hit -> found.add(hit.documentId().toString()));
    var withText = new TreeSet<String>();
    rows.forEach(
        (id, row) -> {
          if (!content(id, row).isEmpty()) {
            withText.add(id);
          }
        });
    assertThat(found).isEqualTo(withText);
    assertThat(hits).noneMatch(hit -> hit.text().contains("__debezium_unavailable_value"));
  }

  private static void sent(RecordedLlamaService service, Map<String, ObjectNode> rows) {
    var expected = new TreeMap<String, String>();
    rows.forEach((id, row) -> expected.put(id, content(id, row)));
    var received = new TreeMap<String, String>();
    service.documents().forEach((id, body) -> received.put(id, body.path("content").asText()));
    assertThat(received).isEqualTo(expected);
  }
}
