package dev.freshet.sink.local;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.document.DocumentId;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.store.DocumentWrite;
import dev.freshet.store.SegmentWrite;
import dev.freshet.store.StoreUpdate;
import dev.freshet.store.StoredDocument;
import dev.freshet.store.StoredSegment;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a batch's store update: renders and splits the documents that changed, and embeds the
 * segments whose texts are not stored yet, all in one call.
 */
final class BatchWriter {

  private final PendingVectors vectors;
  private final Function<String, List<String>> splitter;
  private final long maxMetadataSize;
  private final Clock clock;

  /** What to commit, and what becomes of each document when that is done. */
  record Batch(StoreUpdate update, Map<DocumentId, Outcome> outcomes) {}

  /** A document's next version, not yet embedded. */
  private record Draft(NextVersion version, SegmentPlan plan) {

    boolean unchanged() {
      return version.sameAsStored() && plan.isSameAsStored();
    }

    int toEmbed() {
      return plan.toEmbed().size();
    }
  }

  /** When segments were decided on, and when those to embed were embedded. */
  private record Times(Instant decided, Instant embedded) {

    Instant of(Draft draft) {
      return draft.toEmbed() == 0 ? decided : embedded;
    }
  }

  BatchWriter(
      EmbeddingModel model,
      Function<String, List<String>> splitter,
      long maxMetadataSize,
      Clock clock) {
    this.vectors = new PendingVectors(model);
    this.splitter = splitter;
    this.maxMetadataSize = maxMetadataSize;
    this.clock = clock;
  }

  /**
   * Writes the update; nothing is committed.
   *
   * @throws RejectedException when a document has too much metadata
   */
  Batch write(Reconciliation reconciliation) {
    List<Draft> drafts = reconciliation.nextVersions().stream().map(this::draft).toList();
    Instant decided = clock.instant();
    Iterator<Embedding> embeddings = embed(drafts);
    var times = new Times(decided, clock.instant());
    var writes = new ArrayList<DocumentWrite>();
    var outcomes = new HashMap<DocumentId, Outcome>();
    for (Draft draft : drafts) {
      writes.add(write(draft, embeddings, times));
      outcomes.put(draft.version().id(), outcome(draft, times));
    }
    var update = new StoreUpdate(reconciliation.truncations(), writes, reconciliation.pasts());
    return new Batch(update, outcomes);
  }

  private Draft draft(NextVersion version) {
    List<StoredSegment> stored = version.stored().map(StoredDocument::segments).orElse(List.of());
    List<String> segments =
        version.absent() ? List.of() : splitter.apply(version.document().content());
    requireSize(version);
    return new Draft(version, new SegmentPlan(version.id(), segments, stored));
  }

  private void requireSize(NextVersion version) {
    long metadata = version.document().metadata().toString().length();
    if (metadata > maxMetadataSize) {
      throw new RejectedException(
          RejectionReason.TOO_LARGE,
          "the metadata of %s has %d characters, more than freshet.indexing.max-metadata-size,"
                  .formatted(version.id(), metadata)
              + " which is %d; raise it, or name the columns to keep in freshet.tables.%s.metadata"
                  .formatted(maxMetadataSize, version.id().table()));
    }
  }

  /** The batch is stored. */
  void committed(Batch batch) {
    vectors.forget(
        batch.update().documents().stream()
            .flatMap(write -> write.segments().stream())
            .map(SegmentWrite::id)
            .toList());
  }

  private Iterator<Embedding> embed(List<Draft> drafts) {
    return vectors
        .of(drafts.stream().flatMap(draft -> draft.plan().toEmbed().stream()).toList())
        .iterator();
  }

  private static DocumentWrite write(Draft draft, Iterator<Embedding> embeddings, Times times) {
    NextVersion version = draft.version();
    Optional<StoredDocument> kept = draft.unchanged() ? version.stored() : Optional.empty();
    boolean made = kept.isEmpty() && !version.absent();
    return new DocumentWrite(
        version.state(),
        version.storedRevision(),
        version.contentHash(),
        version.metadataHash(),
        times.embedded(),
        made ? times.of(draft) : kept.map(StoredDocument::embeddedAt).orElse(null),
        made ? (Integer) draft.toEmbed() : kept.map(StoredDocument::embedded).orElse(null),
        version.document().metadata(),
        draft.plan().writes(embeddings));
  }

  private static Outcome outcome(Draft draft, Times times) {
    if (draft.version().absent()) {
      return new Outcome.Deleted();
    }
    return draft.unchanged()
        ? new Outcome.Unchanged()
        : new Outcome.Indexed(draft.plan().size(), draft.toEmbed(), times.of(draft));
  }
}
