package dev.freshet.sink.local;

import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.sink.RelatedStates;
import dev.freshet.sink.SinkStatus;
import dev.freshet.store.ConcurrentUpdateException;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreStatus;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Splits, embeds and stores in the JVM. Embedding happens before the store's transaction opens;
 * when another writer was faster, the batch is decided anew on what is stored then.
 */
public final class LocalIndexSink implements IndexSink {

  private static final int ATTEMPTS = 10;

  private final IndexStore store;
  private final BatchWriter writer;

  /**
   * Makes a sink.
   *
   * @param splitter splits a text into segments, in order, each short enough for the model
   * @param maxMetadataSize the most characters of metadata that a document has
   */
  public LocalIndexSink(
      IndexStore store,
      EmbeddingModel model,
      Function<String, List<String>> splitter,
      long maxMetadataSize,
      Clock clock) {
    this.store = store;
    this.writer = new BatchWriter(model, splitter, maxMetadataSize, clock);
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<List<Outcome>> outcomes = attempt(changes);
      if (outcomes.isPresent()) {
        return outcomes.get();
      }
    }
    throw new UnavailableException(
        "other writers changed the same documents " + ATTEMPTS + " times in a row");
  }

  /** Empty when another writer was faster. */
  private Optional<List<Outcome>> attempt(List<DocumentChange> changes) {
    var stored = RelatedStates.read(store, changes, Set.of());
    var reconciliation = Reconciliation.of(changes, stored);
    var batch = writer.write(reconciliation);
    try {
      if (!batch.update().isEmpty()) {
        store.commit(batch.update());
        writer.committed(batch);
      }
      return Optional.of(reconciliation.outcomes(batch.outcomes()));
    } catch (ConcurrentUpdateException e) {
      return Optional.empty();
    }
  }

  @Override
  public SinkStatus status() {
    StoreStatus status = store.status();
    return new SinkStatus(status.available(), status.description());
  }

  /** Nothing: the store was not opened here. */
  @Override
  public void close() {}
}
