package dev.freshet.store;

import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import java.util.Optional;

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

  /** Forgets the document's failure if it stands at this position. */
  void forget(DocumentId id, Position position);
}
