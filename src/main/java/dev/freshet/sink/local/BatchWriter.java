package dev.freshet.sink.local;

import dev.freshet.document.DocumentId;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.store.DocumentWrite;
import dev.freshet.store.StoreUpdate;
import dev.freshet.store.StoredDocument;
import dev.freshet.store.StoredSegment;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes a batch's store update: renders and splits the documents that changed, and embeds the
 * segments whose texts are not stored yet, all in one call.
 */
final class BatchWriter {

  private final EmbeddingModel model;
  private final Function<String, List<String>> splitter;
  private final Clock clock;

  /** What to commit, and what becomes of each document when that is done. */
  record Batch(StoreUpdate update, Map<DocumentId, Outcome> outcomes) {}

  /** A document's next version, not yet embedded. */
  private record Draft(NextVersion version, SegmentPlan plan) {}

  BatchWriter(EmbeddingModel model, Function<String, List<String>> splitter, Clock clock) {
    this.model = model;
    this.splitter = splitter;
    this.clock = clock;
  }

  Batch write(Reconciliation reconciliation) {
    List<Draft> drafts = reconciliation.nextVersions().stream().map(this::draft).toList();
    Iterator<Embedding> embeddings = embed(drafts);
    Instant now = clock.instant();
    var writes = new ArrayList<DocumentWrite>();
    var outcomes = new HashMap<DocumentId, Outcome>();
    for (Draft draft : drafts) {
      writes.add(write(draft, embeddings, now));
      outcomes.put(draft.version().id(), outcome(draft));
    }
    var update = new StoreUpdate(reconciliation.truncations(), writes, reconciliation.pasts());
    return new Batch(update, outcomes);
  }

  private Draft draft(NextVersion version) {
    List<StoredSegment> stored = version.stored().map(StoredDocument::segments).orElse(List.of());
    List<String> segments =
        version.absent() ? List.of() : splitter.apply(version.document().content());
    return new Draft(version, new SegmentPlan(version.id(), segments, stored));
  }

  private Iterator<Embedding> embed(List<Draft> drafts) {
    List<TextSegment> segments =
        drafts.stream().flatMap(draft -> draft.plan().toEmbed().stream()).toList();
    return segments.isEmpty()
        ? List.<Embedding>of().iterator()
        : model.embedAll(segments).content().iterator();
  }

  private static DocumentWrite write(Draft draft, Iterator<Embedding> embeddings, Instant now) {
    NextVersion version = draft.version();
    return new DocumentWrite(
        version.state(),
        version.storedRevision(),
        version.contentHash(),
        version.metadataHash(),
        now,
        FlatMetadata.of(version.document().metadata()),
        draft.plan().writes(embeddings));
  }

  private static Outcome outcome(Draft draft) {
    if (draft.version().absent()) {
      return new Outcome.Deleted();
    }
    return draft.version().sameAsStored() && draft.plan().isSameAsStored()
        ? new Outcome.Unchanged()
        : new Outcome.Indexed(draft.plan().size(), draft.plan().toEmbed().size());
  }
}
