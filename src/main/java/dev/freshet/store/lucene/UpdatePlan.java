package dev.freshet.store.lucene;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.FilterTerms;
import dev.freshet.index.IndexedDocument;
import dev.freshet.index.SegmentWrite;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StateWrite;
import dev.freshet.ledger.TableTruncation;
import dev.freshet.store.StoreUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * What an update changes in the index: everything is checked and made before the writer is touched.
 */
final class UpdatePlan implements IndexFolder.Plan {

  private static final ObjectNode NO_METADATA = JsonNodeFactory.instance.objectNode();

  private final IndexSearcher searcher;
  private final Snapshot committed;
  private final UnitVectors vectors;
  private final List<TableTruncation> truncations;

  /** The documents that stay as they are but for their past. */
  private final Set<BytesRef> untouched;

  private final Map<TableId, Position> newestTruncations = new HashMap<>();
  private final List<Term> deletions = new ArrayList<>();
  private final Map<Term, Document> replacements = new LinkedHashMap<>();

  private UpdatePlan(IndexSearcher searcher, UnitVectors vectors, LedgerUpdate update) {
    this.searcher = searcher;
    this.committed = new Snapshot(searcher);
    this.vectors = vectors;
    this.truncations = update.truncations();
    this.untouched =
        update.pasts().stream()
            .map(write -> new BytesRef(Terms.bounded(write.state().id().toString())))
            .collect(Collectors.toSet());
  }

  /**
   * @param searcher sees what is committed, and stays open until the plan is carried out
   */
  static UpdatePlan of(StoreUpdate update, IndexSearcher searcher, UnitVectors vectors)
      throws IOException, ConcurrentUpdateException {
    LedgerUpdate states = update.ledger();
    Map<DocumentId, IndexedDocument> contents = update.contentsById();
    var plan = new UpdatePlan(searcher, vectors, states);
    for (TableTruncation truncation : states.truncations()) {
      plan.remember(truncation);
    }
    for (DocumentWrite write : states.documents()) {
      plan.add(write, contents.get(write.state().id()));
    }
    for (PastWrite write : states.pasts()) {
      plan.add(write);
    }
    plan.deletions.addAll(new FailureDocuments(searcher).healedBy(states));
    return plan;
  }

  @Override
  public void carryOut(IndexWriter writer) throws IOException {
    for (TableTruncation truncation : truncations) {
      Sequentially.collect(
          searcher,
          new TermQuery(Terms.term(Terms.STATE_TABLE, truncation.table())),
          new Superseded(truncation.position(), untouched, writer));
    }
    writer.deleteDocuments(deletions.toArray(Term[]::new));
    for (var replacement : replacements.entrySet()) {
      writer.updateDocument(replacement.getKey(), replacement.getValue());
    }
  }

  private void remember(TableTruncation truncation) throws IOException {
    TableId table = truncation.table();
    Optional<Position> newest = newestTruncation(table);
    if (newest.isEmpty() || truncation.position().supersedes(newest.get())) {
      newestTruncations.put(table, truncation.position());
      replacements.put(
          Terms.term(Terms.TRUNCATED_TABLE, table),
          Snapshot.truncation(table, truncation.position()));
    }
  }

  private Optional<Position> newestTruncation(TableId table) throws IOException {
    Position planned = newestTruncations.get(table);
    return planned == null ? committed.truncation(table) : Optional.of(planned);
  }

  private void add(DocumentWrite write, @Nullable IndexedDocument content)
      throws IOException, ConcurrentUpdateException {
    DocumentId id = write.state().id();
    Optional<StateDocument> stored = committed.state(id);
    check(write, stored);
    ObjectNode metadata = content == null ? NO_METADATA : content.metadata();
    List<SegmentWrite> segments = content == null ? List.of() : content.segments();
    Set<UUID> kept = segments.stream().map(SegmentWrite::id).collect(Collectors.toSet());
    stored.stream()
        .flatMap(state -> state.segments().stream())
        .filter(segment -> !kept.contains(segment.id()))
        .forEach(segment -> deletions.add(Terms.term(Terms.SEGMENT, segment.id())));
    Set<String> terms = FilterTerms.of(metadata);
    Set<StoredSegment> untouched = untouched(write, terms, stored);
    List<StringField> termFields = SegmentDocument.terms(terms);
    for (SegmentWrite segment : segments) {
      if (!untouched.contains(new StoredSegment(segment.id(), segment.ordinal()))
          || segment.embedding() != null) {
        replacements.put(
            Terms.term(Terms.SEGMENT, segment.id()),
            SegmentDocument.of(id, segment, vector(segment), termFields));
      }
    }
    List<StoredSegment> places =
        segments.stream()
            .map(segment -> new StoredSegment(segment.id(), segment.ordinal()))
            .toList();
    replacements.put(Terms.term(Terms.STATE, id), StateDocument.of(write, metadata, places));
  }

  private void add(PastWrite write) throws IOException, ConcurrentUpdateException {
    DocumentId id = write.state().id();
    Optional<StateDocument> stored = committed.state(id);
    check(write, stored);
    replacements.put(Terms.term(Terms.STATE, id), StateDocument.of(write, stored.orElseThrow()));
  }

  private void check(StateWrite write, Optional<StateDocument> stored)
      throws IOException, ConcurrentUpdateException {
    DocumentId id = write.state().id();
    long revision = stored.map(StateDocument::revision).orElse(0L);
    if (revision != write.expectedRevision()) {
      throw new ConcurrentUpdateException(
          id + " has revision " + revision + ", not " + write.expectedRevision());
    }
    Optional<Position> truncation = newestTruncation(id.table());
    if (truncation.isPresent() && !write.state().position().supersedes(truncation.get())) {
      throw new ConcurrentUpdateException(id.table() + " was truncated after this change of " + id);
    }
  }

  /** The stored segments that may stay as they are: filters see the same of them. */
  private Set<StoredSegment> untouched(
      DocumentWrite write, Set<String> terms, Optional<StateDocument> stored) {
    TableId table = write.state().id().table();
    return truncations.stream().anyMatch(truncation -> truncation.table().equals(table))
        ? Set.of()
        : stored
            .filter(state -> FilterTerms.of(state.metadata()).equals(terms))
            .map(state -> Set.copyOf(state.segments()))
            .orElse(Set.of());
  }

  private float[] vector(SegmentWrite segment) throws IOException {
    if (segment.embedding() != null) {
      return vectors.of(segment.embedding());
    }
    return committed
        .vector(segment.id())
        .orElseThrow(
            () -> new IllegalArgumentException("no vector is stored of segment " + segment.id()));
  }
}
