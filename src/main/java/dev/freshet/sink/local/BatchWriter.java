package dev.freshet.sink.local;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Renderings;
import dev.freshet.index.IndexedDocument;
import dev.freshet.index.SegmentIndex;
import dev.freshet.index.SegmentWrite;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.store.StoreUpdate;
import dev.langchain4j.data.embedding.Embedding;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes a batch's store update: renders and splits the documents that changed, and embeds the
 * segments whose texts are not stored yet, all in one call.
 */
final class BatchWriter {

  /** Of prose, a segment has some thousand. */
  private static final int CHARACTERS_PER_SEGMENT = 1_000;

  private final SegmentIndex index;
  private final PendingVectors vectors;
  private final Function<String, List<String>> splitter;
  private final Renderings renderings;
  private final long maxMetadataSize;
  private final int mostSegments;
  private final Clock clock;

  /** What to commit, and what becomes of each document when that is done. */
  record Batch(StoreUpdate update, Map<DocumentId, Outcome> outcomes) {}

  /**
   * A document's next version, not yet embedded.
   *
   * @param large whether to embed it would hold up the others; it may not be split yet
   */
  record Draft(NextVersion version, SegmentPlan plan, boolean large) {

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

  /**
   * @param index tells which segments are stored
   * @param mostSegments a document with more new segments is large
   */
  BatchWriter(
      SegmentIndex index,
      PendingVectors vectors,
      Function<String, List<String>> splitter,
      Renderings renderings,
      long maxMetadataSize,
      int mostSegments,
      Clock clock) {
    this.index = index;
    this.vectors = vectors;
    this.splitter = splitter;
    this.renderings = renderings;
    this.maxMetadataSize = maxMetadataSize;
    this.mostSegments = mostSegments;
    this.clock = clock;
  }

  /**
   * Renders and splits the documents that have another newest version; nothing is embedded.
   *
   * @throws RejectedException when a document has too much metadata
   */
  List<Draft> drafts(Reconciliation reconciliation) {
    List<NextVersion> versions = reconciliation.nextVersions();
    // Read after the states: what changes in between makes the commit fail.
    Map<DocumentId, List<UUID>> stored = storedSegments(versions);
    return versions.stream()
        .map(version -> draft(version, stored.getOrDefault(version.id(), List.of())))
        .toList();
  }

  private Map<DocumentId, List<UUID>> storedSegments(List<NextVersion> versions) {
    Set<DocumentId> searchable =
        versions.stream()
            .filter(version -> version.stored() != null && version.stored().state().complete())
            .filter(version -> !version.anew())
            .map(NextVersion::id)
            .collect(Collectors.toSet());
    return searchable.isEmpty() ? Map.of() : index.segmentsOf(searchable);
  }

  /** Writes the update of which none is large; nothing is committed. */
  Batch write(Reconciliation reconciliation, List<Draft> drafts) {
    Instant decided = clock.instant();
    Iterator<Embedding> embeddings = embed(drafts);
    var times = new Times(decided, clock.instant());
    var writes = new ArrayList<DocumentWrite>();
    var contents = new ArrayList<IndexedDocument>();
    var outcomes = new HashMap<DocumentId, Outcome>();
    for (Draft draft : drafts) {
      writes.add(write(draft, times));
      if (!draft.version().absent()) {
        contents.add(content(draft, embeddings, times));
      }
      outcomes.put(draft.version().id(), outcome(draft, times));
    }
    var states = new LedgerUpdate(reconciliation.truncations(), writes, reconciliation.pasts());
    return new Batch(new StoreUpdate(states, contents), outcomes);
  }

  private Draft draft(NextVersion version, List<UUID> stored) {
    if (version.document().content().length() > (long) mostSegments * CHARACTERS_PER_SEGMENT) {
      // To split it takes long as well.
      return new Draft(version, new SegmentPlan(version.id(), List.of(), stored), true);
    }
    List<String> segments =
        version.absent() ? List.of() : splitter.apply(version.document().content());
    requireSize(version);
    var plan = new SegmentPlan(version.id(), segments, stored);
    return new Draft(version, plan, plan.toEmbed().size() > mostSegments);
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
        batch.update().contents().stream()
            .flatMap(content -> content.segments().stream())
            .map(SegmentWrite::id)
            .toList());
  }

  private Iterator<Embedding> embed(List<Draft> drafts) {
    return vectors
        .of(drafts.stream().flatMap(draft -> draft.plan().toEmbed().stream()).toList())
        .iterator();
  }

  private DocumentWrite write(Draft draft, Times times) {
    NextVersion version = draft.version();
    Optional<StoredDocument> kept =
        Optional.ofNullable(version.stored()).filter(any -> draft.unchanged());
    boolean made = kept.isEmpty() && !version.absent();
    return new DocumentWrite(
        version.state(),
        version.storedRevision(),
        version.contentHash(),
        version.metadataHash(),
        version.renderedBy(renderings),
        times.embedded(),
        made ? times.of(draft) : kept.map(StoredDocument::embeddedAt).orElse(null),
        made ? (Integer) draft.toEmbed() : kept.map(StoredDocument::embedded).orElse(null));
  }

  private static IndexedDocument content(Draft draft, Iterator<Embedding> embeddings, Times times) {
    NextVersion version = draft.version();
    return new IndexedDocument(
        version.id(),
        version.state().origin(),
        times.embedded(),
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
