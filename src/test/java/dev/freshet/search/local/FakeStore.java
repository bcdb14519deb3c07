package dev.freshet.search.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.store.DocumentMetadata;
import dev.freshet.store.FailureLedger;
import dev.freshet.store.Hit;
import dev.freshet.store.IndexStore;
import dev.freshet.store.MetadataSelection;
import dev.freshet.store.NoteLedger;
import dev.freshet.store.SearchScope;
import dev.freshet.store.StoreStatus;
import dev.freshet.store.StoreUpdate;
import dev.freshet.store.StoreView;
import dev.freshet.store.StoredDocument;
import dev.freshet.store.TableCoverage;
import dev.freshet.store.WatermarkLedger;
import dev.langchain4j.data.embedding.Embedding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store that answers what a test decides, and keeps what it was asked. */
final class FakeStore implements IndexStore {

  List<Hit> nearest = List.of();
  List<Hit> matching = List.of();
  @Nullable Embedding embedding;
  @Nullable String text;
  @Nullable SearchScope nearestScope;
  @Nullable SearchScope matchingScope;
  boolean exact;

  /** So many documents change before their metadata is read. */
  int staleReads;

  int metadataReads;

  @Override
  public List<Hit> findNearest(Embedding wanted, SearchScope scope, boolean exactly) {
    embedding = wanted;
    nearestScope = scope;
    exact = exactly;
    return nearest;
  }

  @Override
  public List<Hit> findMatching(String wanted, SearchScope scope) {
    text = wanted;
    matchingScope = scope;
    return matching;
  }

  @Override
  public List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection) {
    return documents.stream().map(this::metadata).toList();
  }

  private DocumentMetadata metadata(DocumentId id) {
    metadataReads++;
    Instant version = metadataReads <= staleReads ? Instant.MAX : Instant.ofEpochSecond(1);
    return new DocumentMetadata(id, version, JsonNodeFactory.instance.objectNode(), 2);
  }

  @Override
  public long countNearer(Embedding wanted, SearchScope scope, double score) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long countMatchingBetter(String wanted, SearchScope scope, double score) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StoreView read(Set<DocumentId> documents, Set<TableId> tables) {
    return new StoreView(Map.of(), Map.of());
  }

  @Override
  public List<DocumentId> documentsOf(TableId table) {
    return List.of();
  }

  @Override
  public void commit(StoreUpdate update) {}

  @Override
  public List<StoredDocument> withPast(Instant indexedBefore, int limit) {
    return List.of();
  }

  @Override
  public List<TableCoverage> coverage() {
    return List.of();
  }

  @Override
  public int forgetTombstones(Instant deletedBefore) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatermarkLedger watermarks() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FailureLedger failures() {
    throw new UnsupportedOperationException();
  }

  @Override
  public NoteLedger notes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StoreStatus status() {
    return new StoreStatus(true, "");
  }

  @Override
  public void close() {}
}
