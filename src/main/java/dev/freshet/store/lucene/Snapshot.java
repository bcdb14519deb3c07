package dev.freshet.store.lucene;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.MetadataSelection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;

/** What one commit holds, looked up by id. */
final class Snapshot {

  private static final String TRUNCATED_AT = "truncatedAt";

  private final IndexSearcher searcher;

  Snapshot(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  Optional<StateDocument> state(DocumentId id) throws IOException {
    var found = find(Terms.term(Terms.STATE, id));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new StateDocument(searcher.storedFields().document(found.get())));
  }

  /** These fields of a state; a row of any size has others. */
  Optional<StateDocument> state(DocumentId id, Set<String> fields) throws IOException {
    var found = find(Terms.term(Terms.STATE, id));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new StateDocument(searcher.storedFields().document(found.get(), fields)));
  }

  /** One document's after the other, so that no more is held than is asked for. */
  List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection)
      throws IOException {
    var read = new ArrayList<DocumentMetadata>();
    long left = selection.maxBytes();
    for (DocumentId id : documents) {
      Optional<DocumentMetadata> one =
          state(id, StateDocument.METADATA_FIELDS)
              .filter(state -> !state.deleted())
              .map(state -> metadata(id, state, selection));
      if (one.isPresent() && one.get().bytes() <= left) {
        left -= one.get().bytes();
        read.add(one.get());
      }
    }
    return read;
  }

  private static DocumentMetadata metadata(
      DocumentId id, StateDocument state, MetadataSelection selection) {
    ObjectNode values = state.metadata();
    if (selection.columns() != null) {
      values.retain(selection.columns());
    }
    int bytes = values.toString().getBytes(StandardCharsets.UTF_8).length;
    return new DocumentMetadata(id, state.indexedAt(), values, bytes);
  }

  Optional<Position> truncation(TableId table) throws IOException {
    var found = find(Terms.term(Terms.TRUNCATED_TABLE, table));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Document fields = searcher.storedFields().document(found.get(), Set.of(TRUNCATED_AT));
    return Optional.of(Position.parse(fields.get(TRUNCATED_AT)));
  }

  /** What {@link #truncation} reads. */
  static Document truncation(TableId table, Position position) {
    var fields = new Document();
    Term term = Terms.term(Terms.TRUNCATED_TABLE, table);
    fields.add(new StringField(term.field(), term.text(), Store.NO));
    fields.add(new StoredField(TRUNCATED_AT, position.sortKey()));
    return fields;
  }

  Optional<float[]> vector(UUID segment) throws IOException {
    var found = find(Terms.term(Terms.SEGMENT, segment));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(found.get(), leaves));
    var vectors = leaf.reader().getFloatVectorValues(SegmentDocument.VECTOR);
    vectors.advance(found.get() - leaf.docBase);
    return Optional.of(vectors.vectorValue().clone());
  }

  Optional<String> text(UUID segment) throws IOException {
    var found = find(Terms.term(Terms.SEGMENT, segment));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(SegmentDocument.text(searcher.storedFields().document(found.get())));
  }

  List<DocumentId> documentsOf(TableId table) throws IOException {
    var live = new TermQuery(Terms.term(Terms.LIVE_TABLE, table));
    return Sequentially.collect(searcher, live, new DocumentIds()).collected();
  }

  private Optional<Integer> find(Term term) throws IOException {
    var found = searcher.search(new TermQuery(term), 1).scoreDocs;
    return found.length == 0 ? Optional.empty() : Optional.of(found[0].doc);
  }
}
