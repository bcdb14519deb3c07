package dev.freshet.sink.local;

import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.Renderings;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.StoreStatus;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.sink.RelatedStates;
import dev.freshet.sink.SinkStatus;
import dev.freshet.store.Store;
import dev.freshet.store.StoreUpdate;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Splits, embeds and stores in the JVM. Embedding happens before the store's transaction opens;
 * when another writer was faster, the batch is decided again on what is stored then. A document
 * that would hold up the others for long is indexed beside them.
 */
public final class LocalIndexSink implements IndexSink {

  private static final int ATTEMPTS = 10;

  /** The model's tokens and sums of so many take some 4 MB. */
  private static final int PORTION = 1_000;

  /** A batch waits for the model while so many are embedded: about a second on two cores. */
  private static final int SLOW_PORTION = 16;

  /** A document with more new segments than these takes seconds to embed. */
  private static final int MOST_SEGMENTS = 64;

  private final Store store;
  private final BatchWriter writer;
  private final BatchWriter slowWriter;
  private final SlowLane slowLane = new SlowLane(this::applyLarge);

  /** One at a time: each takes a connection, or the index, for as long as its vectors need. */
  private final ReentrantLock slowCommit = new ReentrantLock(true);

  /**
   * Makes a sink.
   *
   * @param splitter splits a text into segments, in order, each short enough for the model
   * @param renderings tell of each document what has made it, the splitter included
   * @param maxMetadataSize the most characters of metadata that a document has
   */
  public LocalIndexSink(
      Store store,
      EmbeddingModel model,
      Function<String, List<String>> splitter,
      Renderings renderings,
      long maxMetadataSize,
      Clock clock) {
    this.store = store;
    this.writer =
        new BatchWriter(
            store.index(),
            new PendingVectors(model, PORTION, () -> {}),
            splitter,
            renderings,
            maxMetadataSize,
            MOST_SEGMENTS,
            clock);
    this.slowWriter =
        new BatchWriter(
            store.index(),
            new PendingVectors(model, SLOW_PORTION, slowLane::requireWanted),
            splitter,
            renderings,
            maxMetadataSize,
            Integer.MAX_VALUE,
            clock);
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    List<Optional<Outcome>> known = slowLane.look(changes);
    List<Outcome> others = attemptsOf(changes, known);
    for (int i = 0; i < changes.size(); i++) {
      if (known.get(i).filter(outcome -> !(outcome instanceof Outcome.Deferred)).isPresent()) {
        slowLane.forget(changes.get(i));
      }
    }
    return merged(known, others.iterator());
  }

  private List<Outcome> attemptsOf(List<DocumentChange> changes, List<Optional<Outcome>> known) {
    List<DocumentChange> open = open(changes, known);
    return open.isEmpty() ? List.of() : attempts(open, writer);
  }

  /** Those whose outcomes are not known. */
  private static List<DocumentChange> open(
      List<DocumentChange> changes, List<Optional<Outcome>> known) {
    return IntStream.range(0, changes.size())
        .filter(i -> known.get(i).isEmpty())
        .mapToObj(changes::get)
        .toList();
  }

  private List<Outcome> applyLarge(List<DocumentChange> changes) {
    return attempts(changes, slowWriter);
  }

  private List<Outcome> attempts(List<DocumentChange> changes, BatchWriter by) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<List<Outcome>> outcomes = attempt(changes, by);
      if (outcomes.isPresent()) {
        return outcomes.get();
      }
    }
    throw new UnavailableException(
        "other writers changed the same documents " + ATTEMPTS + " times in a row");
  }

  /** Empty when another writer was faster. */
  private Optional<List<Outcome>> attempt(List<DocumentChange> changes, BatchWriter by) {
    var stored = RelatedStates.read(store.ledger(), changes);
    var reconciliation = Reconciliation.of(changes, stored);
    List<BatchWriter.Draft> drafts = by.drafts(reconciliation);
    List<BatchWriter.Draft> large = drafts.stream().filter(BatchWriter.Draft::large).toList();
    if (!large.isEmpty()) {
      return Optional.of(deferring(large, changes, reconciliation));
    }
    var batch = by.write(reconciliation, drafts);
    try {
      if (!batch.update().isEmpty()) {
        commit(batch.update(), by);
        by.committed(batch);
      }
      return Optional.of(reconciliation.outcomes(batch.outcomes()));
    } catch (ConcurrentUpdateException e) {
      return Optional.empty();
    }
  }

  private void commit(StoreUpdate update, BatchWriter by) throws ConcurrentUpdateException {
    if (by == writer) {
      store.commit(update);
      return;
    }
    slowCommit.lock();
    try {
      slowLane.requireWanted();
      store.commit(update);
    } finally {
      slowCommit.unlock();
    }
  }

  /** Applies what does not touch the large documents: positions order, whatever comes first. */
  private List<Outcome> deferring(
      List<BatchWriter.Draft> large, List<DocumentChange> changes, Reconciliation reconciliation) {
    var outcomes =
        new ArrayList<Optional<Outcome>>(Collections.nCopies(changes.size(), Optional.empty()));
    for (BatchWriter.Draft draft : large) {
      var ofDraft = new ArrayList<DocumentChange>();
      for (int i = 0; i < changes.size(); i++) {
        if (outcomes.get(i).isEmpty() && reconciliation.touches(i, Set.of(draft.version().id()))) {
          outcomes.set(i, Optional.of(new Outcome.Deferred()));
          ofDraft.add(changes.get(i));
        }
      }
      if (!ofDraft.isEmpty()) {
        slowLane.defer(
            draft.version().id(), ofDraft, draft.version().document().content().length());
      }
    }
    List<DocumentChange> others = open(changes, outcomes);
    List<Outcome> ofOthers = others.isEmpty() ? List.of() : apply(others);
    return merged(outcomes, ofOthers.iterator());
  }

  private static List<Outcome> merged(List<Optional<Outcome>> known, Iterator<Outcome> others) {
    return known.stream().map(outcome -> outcome.orElseGet(others::next)).toList();
  }

  @Override
  public void abandon() {
    slowLane.abandon();
  }

  @Override
  public SinkStatus status() {
    StoreStatus status = store.status();
    return new SinkStatus(status.available(), status.description());
  }

  /** Gives up what is under way; the store was not opened here. */
  @Override
  public void close() {
    slowLane.close();
  }
}
