package dev.freshet.store.lucene;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
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
import dev.freshet.ledger.DocumentLedger;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the index in a folder on local disk. One process uses it at a time; within it, any number
 * of threads. What {@link #commit} wrote has reached the disk when it returns.
 */
public final class LuceneIndexStore implements IndexStore {

  private static final EmbeddingSpace NO_VECTORS = new EmbeddingSpace("none", 0);

  private final Path path;
  private final EmbeddingSpace space;
  private final UnitVectors vectors;
  private final IndexFolder folder;

  LuceneIndexStore(Path path, Directory directory, EmbeddingSpace space) {
    this.path = path;
    this.space = space;
    this.vectors = new UnitVectors(space.dimension());
    this.folder = IndexFolder.open(path, directory, space);
  }

  /**
   * Opens the index in the folder, and makes it where there is none.
   *
   * @throws UnavailableException when another process uses the folder
   * @throws dev.freshet.MisconfiguredException when it cannot be used, or holds vectors of another
   *     embedding model
   */
  public static LuceneIndexStore open(Path path, EmbeddingSpace space) {
    try {
      return new LuceneIndexStore(path, new IndexDirectory(PrivateFolder.require(path)), space);
    } catch (IOException e) {
      throw new UnavailableException("cannot make the index folder " + path + ": " + e, e);
    }
  }

  /**
   * Opens a ledger of documents without segments in the folder.
   *
   * @throws UnavailableException when the folder cannot be used, or another process uses it
   */
  public static DocumentLedger openLedger(Path path) {
    return open(path, NO_VECTORS);
  }

  @Override
  public LedgerView read(Set<DocumentId> documents, Set<TableId> tables) {
    return folder.ask(
        committed -> {
          var snapshot = new Snapshot(committed);
          var states = new HashMap<DocumentId, StoredDocument>();
          for (DocumentId id : documents) {
            snapshot.state(id).ifPresent(state -> states.put(id, state.stored()));
          }
          var truncations = new HashMap<TableId, Position>();
          for (TableId table : tables) {
            snapshot.truncation(table).ifPresent(position -> truncations.put(table, position));
          }
          return new LedgerView(states, truncations);
        });
  }

  @Override
  public List<DocumentId> documentsOf(TableId table) {
    return folder.ask(committed -> new Snapshot(committed).documentsOf(table));
  }

  @Override
  public void commit(StoreUpdate update) throws ConcurrentUpdateException {
    folder.commit(committed -> UpdatePlan.of(update, committed, vectors));
  }

  @Override
  public int forgetTombstones(Instant deletedBefore) {
    Query old = StateDocument.tombstonesBefore(deletedBefore);
    int count = folder.ask(committed -> committed.count(old));
    try {
      if (count > 0) {
        folder.commit(committed -> writer -> writer.deleteDocuments(old));
      }
    } catch (ConcurrentUpdateException e) {
      throw new IllegalStateException("forgetting compares no revision", e);
    }
    return count;
  }

  @Override
  public List<StoredDocument> withPast(Instant indexedBefore, int limit) {
    return folder.ask(
        committed -> {
          var found = new ArrayList<StoredDocument>();
          Query query = StateDocument.withPastBefore(indexedBefore);
          for (var document : committed.search(query, limit).scoreDocs) {
            found.add(new StateDocument(committed.storedFields().document(document.doc)).stored());
          }
          return found;
        });
  }

  @Override
  public List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit) {
    return folder.ask(
        committed ->
            new DocumentPages(committed, table).next(DocumentPages.all(table), after, limit));
  }

  @Override
  public List<StoredDocument> renderedBy(
      TableId table, Rendering rendering, @Nullable DocumentId after, int limit) {
    return folder.ask(
        committed -> {
          Query made = new RenderedDocuments(committed, table).by(rendering);
          return new DocumentPages(committed, table).next(made, after, limit);
        });
  }

  @Override
  public Map<Rendering, Long> renderings(TableId table, Set<Rendering> except) {
    return folder.ask(committed -> new RenderedDocuments(committed, table).count(except));
  }

  @Override
  public List<TableCoverage> coverage() {
    return folder.ask(committed -> new Coverage(committed).all());
  }

  @Override
  public List<Hit> findNearest(Embedding embedding, SearchScope scope, boolean exact) {
    float[] vector = vectors.of(embedding);
    return folder.ask(
        committed -> {
          var search = new SegmentSearch(committed, scope);
          return exact ? search.nearest(vector) : search.near(vector);
        });
  }

  @Override
  public List<Hit> findMatching(String text, SearchScope scope) {
    return folder.ask(
        committed -> new SegmentSearch(committed, scope).matching(WordQuery.of(text)));
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public Map<DocumentId, List<UUID>> segmentsOf(Set<DocumentId> documents) {
    return folder.ask(
        committed -> {
          var snapshot = new Snapshot(committed);
          var segments = new HashMap<DocumentId, List<UUID>>();
          for (DocumentId id : documents) {
            snapshot
                .state(id, StateDocument.SEGMENT_FIELDS)
                .map(StateDocument::segments)
                .filter(stored -> !stored.isEmpty())
                .ifPresent(
                    stored -> segments.put(id, stored.stream().map(StoredSegment::id).toList()));
          }
          return segments;
        });
  }

  @Override
  public Map<TableId, Long> count() {
    return folder.ask(committed -> new Coverage(committed).segments());
  }

  @Override
  public List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection) {
    return folder.ask(committed -> new Snapshot(committed).metadata(documents, selection));
  }

  @Override
  public long countNearer(Embedding embedding, SearchScope scope, double score) {
    float[] vector = vectors.of(embedding);
    return folder.ask(committed -> new SegmentSearch(committed, scope).countNearer(vector, score));
  }

  @Override
  public long countMatchingBetter(String text, SearchScope scope, double score) {
    return folder.ask(
        committed ->
            new SegmentSearch(committed, scope).countMatchingBetter(WordQuery.of(text), score));
  }

  @Override
  public FailureLedger failures() {
    return new LuceneFailures(folder, this);
  }

  @Override
  public WatermarkLedger watermarks() {
    return new LuceneWatermarks(folder);
  }

  @Override
  public DeadLetterLedger deadLetters() {
    return new LuceneDeadLetters(folder);
  }

  @Override
  public NoteLedger notes() {
    return new LuceneNotes(folder);
  }

  @Override
  public StoreStatus status() {
    if (!Files.isWritable(path)) {
      return new StoreStatus(false, "the index folder " + path + " is missing or read-only");
    }
    try {
      // To count them would read every segment's deletions, at each look.
      boolean answers = folder.ask(committed -> true);
      return new StoreStatus(answers, "the index in " + path + " answers");
    } catch (UnavailableException e) {
      return new StoreStatus(false, String.valueOf(e.getMessage()));
    }
  }

  /** Stops background work without waiting for it; every commit is on disk already. */
  @Override
  public void close() {
    folder.close();
  }
}
