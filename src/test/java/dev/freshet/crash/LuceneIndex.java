package dev.freshet.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.Hit;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.store.IndexStore;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Models;
import dev.freshet.support.SimulatedSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A folder, which one process at a time may open: so it is read when Freshet is down. */
final class LuceneIndex implements TestIndex {

  private static final int EVERYTHING = 10_000;

  private final Path folder;

  LuceneIndex(Path folder) {
    this.folder = folder;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("FRESHET_SINK", "lucene", "FRESHET_DATA_DIR", folder.toString());
  }

  @Override
  public boolean canBeReadWhileFreshetRuns() {
    return false;
  }

  @Override
  public Object expected(ObjectNode row) {
    return IndexedDocument.expected(row);
  }

  @Override
  public Map<String, IndexedDocument> contents() {
    Map<String, Object> reader =
        Map.of(
            "freshet.feed", "memory",
            "freshet.sink", "lucene",
            "freshet.data-dir", folder.toString());
    try (var server = FreshetServer.start(reader)) {
      Map<String, IndexedDocument> contents = documents(server.bean(DocumentLedger.class));
      addSegments(server.bean(IndexStore.class), contents);
      return contents;
    }
  }

  private static Map<String, IndexedDocument> documents(DocumentLedger ledger) {
    var contents = new TreeMap<String, IndexedDocument>();
    for (String table : SimulatedSource.TABLES) {
      Set<DocumentId> ids = Set.copyOf(ledger.documentsOf(TableId.parse(table)));
      for (StoredDocument document : ledger.read(ids, Set.of()).documents().values()) {
        contents.put(
            document.state().id().toString(),
            new IndexedDocument(
                document.contentHash(),
                document.metadataHash(),
                new ArrayList<>(),
                new ArrayList<>()));
      }
    }
    return contents;
  }

  private static void addSegments(IndexStore store, Map<String, IndexedDocument> contents) {
    var query = Models.embeddingModel().embed("a tent").content();
    List<Hit> hits =
        new ArrayList<>(store.findNearest(query, SearchScope.everything(EVERYTHING), true));
    hits.sort(Comparator.comparing(Hit::ordinal).thenComparing(Hit::text));
    for (Hit hit : hits) {
      // A segment without a live document makes a document that no row expects.
      IndexedDocument document =
          contents.computeIfAbsent(
              hit.documentId().toString(),
              id -> new IndexedDocument("", "", new ArrayList<>(), new ArrayList<>()));
      document.segments().add(IndexedDocument.segment(hit.ordinal(), hit.text()));
      document.metadata().add(metadata(store, hit.documentId()));
    }
  }

  private static JsonNode metadata(IndexStore store, DocumentId id) {
    return store.metadata(List.of(id), new MetadataSelection(null, Long.MAX_VALUE)).stream()
        .map(DocumentMetadata::values)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {}
}
