package dev.freshet.sink;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import java.util.List;
import java.util.Map;

/** Brings an index to the state that changes say. One batch at a time. */
public interface IndexSink extends AutoCloseable {

  /**
   * Applies a batch. When it returns, its effects are durable and searchable. Applying a batch
   * again does no harm.
   *
   * @param changes in order of arrival; may hold several of one document
   * @return one outcome for each change, in the same order
   * @throws dev.freshet.UnavailableException when the index cannot take the batch now; the caller
   *     applies the whole batch again later
   * @throws dev.freshet.RejectedException when a change of the batch can never be applied, and it
   *     is not known which; the caller applies the batch in parts until the change is alone
   */
  List<Outcome> apply(List<DocumentChange> changes);

  /**
   * Applies a batch as {@link #apply(List)} does.
   *
   * @param traces of the documents' changes, for sinks that call others and can name them
   */
  default List<Outcome> apply(List<DocumentChange> changes, Map<DocumentId, TraceContext> traces) {
    return apply(changes);
  }

  /**
   * Gives up what goes on after its batch, as {@link Outcome.Deferred} says: its messages come
   * again. What is applied of it without an outcome is found then.
   */
  default void abandon() {}

  /** Whether the index answers now. */
  SinkStatus status();

  @Override
  void close();
}
