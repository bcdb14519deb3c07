package dev.freshet.sink;

import dev.freshet.Aside;
import dev.freshet.Defect;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.LogContext;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** As the sink's. */
  public void abandon() {
    sink.abandon();
  }

  /**
   * Applies a batch, in halves where it must.
   *
   * @param traces those of the changes' messages, in the same order
   * @throws UnavailableException when the sink is down; parts may have been applied, and applying
   *     them again does no harm
   */
  public List<Outcome> apply(List<DocumentChange> changes, List<Optional<TraceContext>> traces) {
    try {
      return sink.apply(changes, contexts(changes, traces));
    } catch (UnavailableException e) {
      throw e;
    } catch (RejectedException e) {
      return halve(changes, traces, new Outcome.Rejected(e.reason(), e.detail()));
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      return halve(changes, traces, defect(changes, traces, e));
    }
  }

  /** Of several changes of a document the last one's. */
  private static Map<DocumentId, TraceContext> contexts(
      List<DocumentChange> changes, List<Optional<TraceContext>> traces) {
    var contexts = new HashMap<DocumentId, TraceContext>();
    for (int i = 0; i < changes.size(); i++) {
      DocumentId document = changes.get(i).document().orElse(null);
      if (document != null) {
        traces.get(i).ifPresent(context -> contexts.put(document, context));
      }
    }
    return contexts;
  }

  private static Outcome.Rejected defect(
      List<DocumentChange> changes, List<Optional<TraceContext>> traces, Throwable cause) {
    if (changes.size() == 1) {
      Aside.run(
          () -> {
            LogContext.set(traces.get(0));
            LOG.error("A change of {} fails in the sink", changes.get(0).table(), cause);
          });
      LogContext.clear();
    }
    return new Outcome.Rejected(
        RejectionReason.INTERNAL_ERROR,
        "the sink fails with " + cause.getClass().getSimpleName() + "; the log has the trace");
  }

  private List<Outcome> halve(
      List<DocumentChange> changes,
      List<Optional<TraceContext>> traces,
      Outcome.Rejected rejected) {
    if (changes.size() == 1) {
      return List.of(rejected);
    }
    int middle = changes.size() / 2;
    var outcomes = new ArrayList<>(apply(changes.subList(0, middle), traces.subList(0, middle)));
    int size = changes.size();
    outcomes.addAll(apply(changes.subList(middle, size), traces.subList(middle, size)));
    return outcomes;
  }
}
