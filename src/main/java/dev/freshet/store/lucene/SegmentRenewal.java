package dev.freshet.store.lucene;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import dev.freshet.index.EarlierMetadata;
import dev.freshet.index.FilterTerms;
import dev.freshet.index.SegmentWrite;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.words.WordAnalyzer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the segments of an older index to the form in which they are written now. Their texts and
 * vectors are stored, so nothing is embedded. One commit takes the new form in: after a crash the
 * older one is there as it was.
 */
final class SegmentRenewal {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentRenewal.class);

  private static final String FORM = "freshet.segments";

  /** The form of {@link SegmentDocument} and of its words; the first had no name. */
  private static final String CURRENT = "3, words " + WordAnalyzer.VERSION;

  /** Forms before it had flat metadata. */
  private static final String WITH_JSON = "3,";

  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

  private final IndexWriter writer;
  private final Path path;
  private final Map<String, String> recorded = new HashMap<>();
  private final boolean flat;
  private Instant reported = Instant.now();
  private long renewed;

  private SegmentRenewal(IndexWriter writer, Path path) {
    this.writer = writer;
    this.path = path;
    var stored = writer.getLiveCommitData();
    if (stored != null) {
      stored.forEach(entry -> recorded.put(entry.getKey(), entry.getValue()));
    }
    this.flat = !recorded.getOrDefault(FORM, "").startsWith(WITH_JSON);
  }

  /** Writes the segments again where an older Freshet wrote them, durably. */
  static void run(IndexWriter writer, Path path) throws IOException {
    var renewal = new SegmentRenewal(writer, path);
    if (!CURRENT.equals(renewal.recorded.get(FORM))) {
      renewal.renewAll();
    }
  }

  private void renewAll() throws IOException {
    try (var reader = DirectoryReader.open(writer.getDirectory())) {
      var searcher = new IndexSearcher(reader);
      Sequentially.collect(
          searcher, new FieldExistsQuery(StateDocument.ID_COLUMN), new Renewing(searcher));
    }
    recorded.put(FORM, CURRENT);
    writer.setLiveCommitData(recorded.entrySet());
    writer.commit();
    if (renewed > 0) {
      LOG.info("Renewed the words and the filters of all {} segments in {}", renewed, path);
    }
  }

  private void report() {
    renewed++;
    if (reported.plus(BETWEEN_REPORTS).isBefore(Instant.now())) {
      reported = Instant.now();
      LOG.info(
          "Renewing the words and the filters of the index in {}: {} segments are done",
          path,
          renewed);
    }
  }

  /** Writes the segments of each document's state that it is shown. */
  private final class Renewing extends SimpleCollector {

    private final IndexSearcher searcher;
    private final Snapshot snapshot;
    private int base;

    Renewing(IndexSearcher searcher) {
      this.searcher = searcher;
      this.snapshot = new Snapshot(searcher);
    }

    @Override
    protected void doSetNextReader(LeafReaderContext leaf) {
      base = leaf.docBase;
    }

    @Override
    public void collect(int document) throws IOException {
      Document fields = searcher.storedFields().document(base + document);
      var state = new StateDocument(fields);
      ObjectNode metadata = state.metadata();
      if (flat && !metadata.isEmpty()) {
        StoredDocument stored = state.stored();
        metadata = EarlierMetadata.of(metadata, stored.state().columns(), stored.metadataHash());
        writer.updateDocument(
            Terms.term(Terms.STATE, stored.state().id()),
            StateDocument.of(same(stored), metadata, state.segments()));
      }
      List<StringField> terms = SegmentDocument.terms(FilterTerms.of(metadata));
      for (StoredSegment segment : state.segments()) {
        renew(StateDocument.id(fields), segment, terms);
        report();
      }
    }

    private void renew(DocumentId id, StoredSegment segment, List<StringField> terms)
        throws IOException {
      String text = snapshot.text(segment.id()).orElseThrow(() -> lost(id));
      float[] vector = snapshot.vector(segment.id()).orElseThrow(() -> lost(id));
      var write = new SegmentWrite(segment.id(), segment.ordinal(), text, null);
      writer.updateDocument(
          Terms.term(Terms.SEGMENT, segment.id()), SegmentDocument.of(id, write, vector, terms));
    }

    /** The same version of the document, at the same revision. */
    private static DocumentWrite same(StoredDocument stored) {
      return new DocumentWrite(
          stored.state(),
          stored.revision() - 1,
          stored.contentHash(),
          stored.metadataHash(),
          stored.renderedBy(),
          stored.indexedAt(),
          stored.embeddedAt(),
          stored.embedded());
    }

    private IOException lost(DocumentId id) {
      return new IOException("a segment of " + id + " is missing");
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }
}
