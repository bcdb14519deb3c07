package dev.freshet.ledger;

import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers of each document the newest change that was dead-lettered. It heals by itself: a commit
 * of the same version or a newer one, or of a truncation that is as new, forgets the failure in its
 * own transaction. Failures of the infrastructure are those of {@link DocumentLedger}.
 */
public interface FailureLedger {

  /** Remembers a failure, unless what is stored, or a failure known already, is newer. */
  void record(DocumentFailure failure);

  /** The document's failure, where nothing that is stored heals it. */
  Optional<DocumentFailure> failureOf(DocumentId id);

  /** The failures of these documents, where nothing that is stored heals them. */
  default Map<DocumentId, DocumentFailure> failuresOf(Set<DocumentId> ids) {
    var found = new HashMap<DocumentId, DocumentFailure>();
    ids.forEach(id -> failureOf(id).ifPresent(failure -> found.put(id, failure)));
    return found;
  }

  /**
   * The failures that were remembered last, newest first, but for those that are healed all the
   * same: a failure may be recorded just after the commit that heals it.
   *
   * @param limit the most to look at, at least 1
   */
  List<DocumentFailure> newest(int limit);

  /**
   * How many failures are remembered. One that was recorded just after the commit that heals it is
   * counted until the document's next commit: to leave it out, every state would have to be read.
   */
  long count();

  /** Forgets the document's failure if it stands at this position. */
  void forget(DocumentId id, Position position);

  /** Forgets each document's failure if it stands at its position. */
  default void forgetAll(Map<DocumentId, Position> positions) {
    positions.forEach(this::forget);
  }
}
