package dev.freshet.deadletter;

import dev.freshet.Defect;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Rejection;
import dev.freshet.store.DocumentFailure;
import dev.freshet.store.FailureLedger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers which documents' newest changes are dead letters. */
final class FailureRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(FailureRecorder.class);

  private final FailureLedger failures;

  FailureRecorder(FailureLedger failures) {
    this.failures = failures;
  }

  /** Remembers a rejection, where it is known of which document it is. */
  void record(Subject subject, Rejection rejection) {
    DocumentId document = subject.document();
    Position position = subject.position();
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
      LOG.warn("The ledger cannot hold a failure of {}: {}", subject.table(), e.detail());
    } catch (UnavailableException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      // The dead letter is the truth, and has to be put away all the same.
      LOG.error("A failure of {} cannot be recorded", subject.table(), e);
    }
  }

  /** Forgets what was remembered of this change. */
  void forget(Subject subject) {
    DocumentId document = subject.document();
    Position position = subject.position();
    if (document == null || position == null) {
      return;
    }
    try {
      Position recorded =
          failures
              .failureOf(document)
              .filter(failure -> failure.isOf(position))
              .map(DocumentFailure::position)
              .orElse(position);
      failures.forget(document, recorded);
    } catch (RejectedException e) {
      LOG.debug("The ledger cannot hold a failure of {}", subject.table(), e);
    }
  }
}
