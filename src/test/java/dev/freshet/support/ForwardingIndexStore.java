package dev.freshet.support;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DeadLetterLedger;
import dev.freshet.ledger.FailureLedger;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.ledger.StoreStatus;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.TableCoverage;
import dev.freshet.ledger.WatermarkLedger;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import dev.langchain4j.data.embedding.Embedding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A store that does what another one does; a test changes what it wants otherwise. */
public abstract class ForwardingIndexStore implements IndexStore {

  private final IndexStore store;

  protected ForwardingIndexStore(IndexStore store) {
    this.store = store;
  }

  @Override
  public void commit(StoreUpdate update) throws ConcurrentUpdateException {
    store.commit(update);
  }

  @Override
  public EmbeddingSpace space() {
    return store.space();
  }

  @Override
  public Map<DocumentId, List<UUID>> segmentsOf(Set<DocumentId> documents) {
    return store.segmentsOf(documents);
  }

  @Override
  public Map<TableId, Long> count() {
    return store.count();
  }

  @Override
  public LedgerView read(Set<DocumentId> documents, Set<TableId> tables) {
    return store.read(documents, tables);
  }

  @Override
  public List<DocumentId> documentsOf(TableId table) {
    return store.documentsOf(table);
  }

  @Override
  public List<StoredDocument> withPast(Instant indexedBefore, int limit) {
    return store.withPast(indexedBefore, limit);
  }

  @Override
  public List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit) {
    return store.page(table, after, limit);
  }

  @Override
  public List<StoredDocument> renderedBy(
      TableId table, Rendering rendering, @Nullable DocumentId after, int limit) {
    return store.renderedBy(table, rendering, after, limit);
  }

  @Override
  public Map<Rendering, Long> renderings(TableId table, Set<Rendering> except) {
    return store.renderings(table, except);
  }

  @Override
  public int forgetTombstones(Instant deletedBefore) {
    return store.forgetTombstones(deletedBefore);
  }

  @Override
  public List<TableCoverage> coverage() {
    return store.coverage();
  }

  @Override
  public List<Hit> findNearest(Embedding embedding, SearchScope scope, boolean exact) {
    return store.findNearest(embedding, scope, exact);
  }

  @Override
  public List<Hit> findMatching(String text, SearchScope scope) {
    return store.findMatching(text, scope);
  }

  @Override
  public WatermarkLedger watermarks() {
    return store.watermarks();
  }

  @Override
  public List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection) {
    return store.metadata(documents, selection);
  }

  @Override
  public long countNearer(Embedding embedding, SearchScope scope, double score) {
    return store.countNearer(embedding, scope, score);
  }

  @Override
  public long countMatchingBetter(String text, SearchScope scope, double score) {
    return store.countMatchingBetter(text, scope, score);
  }

  @Override
  public FailureLedger failures() {
    return store.failures();
  }

  @Override
  public DeadLetterLedger deadLetters() {
    return store.deadLetters();
  }

  @Override
  public NoteLedger notes() {
    return store.notes();
  }

  @Override
  public String schemaVersion() {
    return store.schemaVersion();
  }

  @Override
  public StoreStatus status() {
    return store.status();
  }

  @Override
  public void close() {
    store.close();
  }
}
