package dev.freshet.sink.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.RenderedDocument;
import dev.freshet.sink.Fingerprint;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private record Draft(
      DocumentState state,
      Optional<StoredDocument> before,
      String contentHash,
      String metadataHash,
      ObjectNode metadata,
      SegmentPlan plan) {}

  BatchWriter(EmbeddingModel model, Function<String, List<String>> splitter, Clock clock) {
    this.model = model;
    this.splitter = splitter;
    this.clock = clock;
  }

  Batch write(Reconciliation reconciliation) {
    List<Draft> drafts =
        reconciliation.changedStates().stream().map(state -> draft(state, reconciliation)).toList();
    Iterator<Embedding> embeddings = embed(drafts);
    Instant now = clock.instant();
    var writes = new ArrayList<DocumentWrite>();
    var outcomes = new HashMap<DocumentId, Outcome>();
    for (Draft draft : drafts) {
      writes.add(write(draft, embeddings, now));
      outcomes.put(draft.state().id(), outcome(draft));
    }
    return new Batch(new StoreUpdate(reconciliation.truncations(), writes), outcomes);
  }

  private Draft draft(DocumentState state, Reconciliation reconciliation) {
    Optional<StoredDocument> before = reconciliation.stored(state.id());
    List<StoredSegment> stored = before.map(StoredDocument::segments).orElse(List.of());
    if (state.deleted()) {
      ObjectNode nothing = JsonNodeFactory.instance.objectNode();
      return new Draft(
          state, before, "", "", nothing, new SegmentPlan(state.id(), List.of(), stored));
    }
    RenderedDocument document = reconciliation.mapping(state.id()).render(values(state));
    List<String> segments = splitter.apply(document.content());
    return new Draft(
        state,
        before,
        Fingerprint.of(document.content()),
        Fingerprint.of(document.metadata()),
        FlatMetadata.of(document.metadata()),
        new SegmentPlan(state.id(), segments, stored));
  }

  private static Map<String, JsonNode> values(DocumentState state) {
    var values = new LinkedHashMap<String, JsonNode>();
    state.columns().forEach((name, version) -> values.put(name, version.value()));
    return values;
  }

  private Iterator<Embedding> embed(List<Draft> drafts) {
    List<TextSegment> segments =
        drafts.stream().flatMap(draft -> draft.plan().toEmbed().stream()).toList();
    return segments.isEmpty()
        ? List.<Embedding>of().iterator()
        : model.embedAll(segments).content().iterator();
  }

  private static DocumentWrite write(Draft draft, Iterator<Embedding> embeddings, Instant now) {
    long revision = draft.before().map(StoredDocument::revision).orElse(0L);
    return new DocumentWrite(
        draft.state(),
        revision,
        draft.contentHash(),
        draft.metadataHash(),
        now,
        draft.metadata(),
        draft.plan().writes(embeddings));
  }

  private static Outcome outcome(Draft draft) {
    if (draft.state().deleted()) {
      return new Outcome.Deleted();
    }
    boolean unchanged =
        draft.plan().isSameAsStored()
            && draft.before().filter(before -> isSame(draft, before)).isPresent();
    return unchanged
        ? new Outcome.Unchanged()
        : new Outcome.Indexed(draft.plan().size(), draft.plan().toEmbed().size());
  }

  private static boolean isSame(Draft draft, StoredDocument before) {
    return !before.state().deleted()
        && before.contentHash().equals(draft.contentHash())
        && before.metadataHash().equals(draft.metadataHash());
  }
}
