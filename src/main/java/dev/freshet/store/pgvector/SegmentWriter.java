package dev.freshet.store.pgvector;

import com.pgvector.PGvector;
import dev.freshet.document.DocumentId;
import dev.freshet.index.IndexedDocument;
import dev.freshet.index.SegmentWrite;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Writes the segments of documents whose states are written already. */
final class SegmentWriter {

  /** The driver keeps the texts of a batch in memory, as they are and as they are sent. */
  private static final int SLICE = 100;

  private final Handle handle;

  SegmentWriter(Handle handle) {
    this.handle = handle;
  }

  /**
   * Replaces the documents' segments.
   *
   * @throws ConcurrentUpdateException when a segment that is to keep its vector is not stored
   */
  void write(List<DocumentWrite> writes, Map<DocumentId, IndexedDocument> contents)
      throws ConcurrentUpdateException {
    List<IndexedDocument> documents =
        writes.stream()
            .map(write -> contents.get(write.state().id()))
            .filter(Objects::nonNull)
            .toList();
    deleteOthers(writes, contents);
    requireKept(documents);
    updateKept(documents);
    insertNew(documents);
  }

  private void requireKept(List<IndexedDocument> documents) throws ConcurrentUpdateException {
    List<UUID> kept =
        documents.stream()
            .flatMap(document -> document.segments().stream())
            .filter(segment -> segment.embedding() == null)
            .map(SegmentWrite::id)
            .toList();
    if (kept.isEmpty()) {
      return;
    }
    int stored =
        handle
            .createQuery("SELECT count(*) FROM freshet_text_segment WHERE embedding_id = ANY(:ids)")
            .bindArray("ids", UUID.class, kept)
            .mapTo(Integer.class)
            .one();
    if (stored != kept.size()) {
      throw new ConcurrentUpdateException("a segment that keeps its vector is gone");
    }
  }

  private void deleteOthers(List<DocumentWrite> writes, Map<DocumentId, IndexedDocument> contents) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            DELETE FROM freshet_text_segment
            WHERE document_id = :document AND NOT (embedding_id = ANY(:ids))
            """);
    for (DocumentWrite write : writes) {
      if (write.expectedRevision() > 0) {
        DocumentId id = write.state().id();
        IndexedDocument content = contents.get(id);
        List<SegmentWrite> segments = content == null ? List.of() : content.segments();
        batch
            .bind("document", id.toString())
            .bindArray("ids", UUID.class, segments.stream().map(SegmentWrite::id).toList())
            .add();
      }
    }
    execute(batch);
  }

  /** Only where something differs: each update of a row costs an entry in the vector index. */
  private void updateKept(List<IndexedDocument> documents) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE freshet_text_segment SET ordinal = :ordinal
            WHERE embedding_id = :id AND ordinal <> :ordinal
            """);
    for (IndexedDocument document : documents) {
      for (SegmentWrite segment : document.segments()) {
        if (segment.embedding() == null) {
          bind(batch, segment).add();
          executeWhenFull(batch);
        }
      }
    }
    execute(batch);
  }

  private void insertNew(List<IndexedDocument> documents) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO freshet_text_segment
              (embedding_id, embedding, text, document_id, ordinal)
            VALUES
              (:id, CAST(:vector AS vector), :text, :document, :ordinal)
            ON CONFLICT (embedding_id) DO UPDATE SET
              embedding = excluded.embedding, text = excluded.text, document_id = excluded.document_id,
              ordinal = excluded.ordinal
            """);
    for (IndexedDocument document : documents) {
      for (SegmentWrite segment : document.segments()) {
        if (segment.embedding() != null) {
          bind(batch, segment)
              .bind("vector", new PGvector(segment.embedding().vector()).getValue())
              .bind("text", segment.text())
              .bind("document", document.id().toString())
              .add();
          executeWhenFull(batch);
        }
      }
    }
    execute(batch);
  }

  private static PreparedBatch bind(PreparedBatch batch, SegmentWrite segment) {
    return batch.bind("id", segment.id()).bind("ordinal", segment.ordinal());
  }

  private static void executeWhenFull(PreparedBatch batch) {
    if (batch.size() == SLICE) {
      batch.execute();
    }
  }

  private static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }
}
