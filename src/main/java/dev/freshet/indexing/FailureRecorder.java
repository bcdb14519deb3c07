package dev.freshet.indexing;

import dev.freshet.Defect;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Rejection;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.FailureLedger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which documents' newest changes are dead letters. Whoever puts a message away records
 * it here first: a crash in between repeats only what is idempotent.
 */
public final class FailureRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(FailureRecorder.class);

  private final FailureLedger failures;

  public FailureRecorder(FailureLedger failures) {
    this.failures = failures;
  }

  /**
   * Remembers why the newest change of a document was rejected.
   *
   * @param document what the message is about; null where it does not tell, and nothing is done
   * @param position of its change; null where it does not tell, and nothing is done
   * @throws UnavailableException when the ledger does not answer; then the message must stay
   */
  public void record(
      @Nullable DocumentId document, @Nullable Position position, Rejection rejection) {
    // Another source's row is not the one that the index knows under this key.
    boolean foreign = rejection.reason() == RejectionReason.OTHER_SOURCE;
    if (document == null || position == null || foreign) {
      return;
    }
    try {
      failures.record(
          new DocumentFailure(
              document, position, rejection.reason(), rejection.detail(), rejection.failedAt()));
    } catch (RejectedException e) {
      // Such as a key with a NUL character: no document of that key can be asked for either.
      LOG.warn("The ledger cannot hold a failure of {}: {}", document.table(), e.detail());
    } catch (UnavailableException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      // The dead letter is the truth, and has to be put away all the same.
      LOG.error("A failure of {} cannot be recorded", document.table(), e);
    }
  }

  /** The same, unless a failure of this very change is remembered, which says more. */
  public void recordUnlessKnown(
      @Nullable DocumentId document, @Nullable Position position, Rejection rejection) {
    if (document != null
        && position != null
        && failures.failureOf(document).filter(known -> known.isOf(position)).isPresent()) {
      return;
    }
    record(document, position, rejection);
  }

  /**
   * Forgets what was remembered of these changes.
   *
   * @param changes of each document the position of one
   * @throws UnavailableException when the ledger does not answer; then all may be remembered
   */
  public void forget(Map<DocumentId, Position> changes) {
    try {
      Map<DocumentId, DocumentFailure> known = failures.failuresOf(changes.keySet());
      Map<DocumentId, Position> recorded = new LinkedHashMap<>(changes);
      known.forEach(
          (document, failure) ->
              recorded.computeIfPresent(
                  document, (same, change) -> failure.isOf(change) ? failure.position() : change));
      failures.forgetAll(recorded);
    } catch (RejectedException e) {
      forgetEach(changes, e);
    }
  }

  /** The ledger cannot take one of them, such as a key with a NUL character. */
  private void forgetEach(Map<DocumentId, Position> changes, RejectedException cause) {
    if (changes.size() == 1) {
      LOG.debug("The ledger cannot hold a failure of {}", changes.keySet(), cause);
    } else {
      changes.forEach((document, position) -> forget(Map.of(document, position)));
    }
  }
}
