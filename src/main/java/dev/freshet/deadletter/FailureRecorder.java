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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The same, unless a failure of this very change is remembered, which says more. */
  void recordUnlessKnown(Subject subject, Rejection rejection) {
    DocumentId document = subject.document();
    Position position = subject.position();
    if (document != null
        && position != null
        && failures.failureOf(document).filter(known -> known.isOf(position)).isPresent()) {
      return;
    }
    record(subject, rejection);
  }

  /** Forgets what was remembered of this change. */
  void forget(Subject subject) {
    forget(List.of(subject));
  }

  /** Forgets what was remembered of these changes. */
  void forget(List<Subject> subjects) {
    var rest = new ArrayList<>(subjects);
    rest.removeIf(subject -> subject.document() == null || subject.position() == null);
    while (!rest.isEmpty()) {
      // Of a document one failure is remembered, and several changes may have been put away.
      Map<DocumentId, Position> changes = new LinkedHashMap<>();
      rest.removeIf(subject -> changes.putIfAbsent(subject.document(), subject.position()) == null);
      forget(changes);
    }
  }

  private void forget(Map<DocumentId, Position> changes) {
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
