package dev.freshet.indexing;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the one change of a batch that the sink cannot take, by halving the batch, so that the
 * others go on.
 */
public final class IsolatingSink {

  private static final Logger LOG = LoggerFactory.getLogger(IsolatingSink.class);

  private final IndexSink sink;

  public IsolatingSink(IndexSink sink) {
    this.sink = sink;
  }

  /**
   * Applies a batch, in halves where it must.
   *
   * @throws UnavailableException when the sink is down; parts may have been applied, and applying
   *     them again does no harm
   */
  public List<Outcome> apply(List<DocumentChange> changes) {
    try {
      return sink.apply(changes);
    } catch (UnavailableException e) {
      throw e;
    } catch (RejectedException e) {
      return halve(changes, new Outcome.Rejected(e.reason(), e.detail()));
    } catch (RuntimeException | StackOverflowError e) {
      return halve(changes, defect(changes, e));
    }
  }

  private static Outcome.Rejected defect(List<DocumentChange> changes, Throwable cause) {
    if (changes.size() == 1) {
      LOG.error("A change of {} fails in the sink", changes.get(0).table(), cause);
    }
    return new Outcome.Rejected(
        RejectionReason.INTERNAL_ERROR,
        "the sink fails with " + cause.getClass().getSimpleName() + "; the log has the trace");
  }

  private List<Outcome> halve(List<DocumentChange> changes, Outcome.Rejected rejected) {
    if (changes.size() == 1) {
      return List.of(rejected);
    }
    int middle = changes.size() / 2;
    var outcomes = new ArrayList<>(apply(changes.subList(0, middle)));
    outcomes.addAll(apply(changes.subList(middle, changes.size())));
    return outcomes;
  }
}
