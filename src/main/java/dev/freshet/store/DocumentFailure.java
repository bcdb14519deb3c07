package dev.freshet.store;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import java.time.Instant;

/**
 * A document whose newest change was dead-lettered, so that the index does not have it.
 *
 * @param position the change's
 * @param detail what is wrong and how to mend it; never holds a column's value
 */
public record DocumentFailure(
    DocumentId id, Position position, RejectionReason reason, String detail, Instant failedAt) {

  /**
   * Whether the change is still what the document lacks: it is newer than what is stored, the
   * stored version lacks values, or their positions cannot be compared.
   */
  public boolean isOpen(StoreView stored) {
    StoredDocument document = stored.documents().get(id);
    Position truncated = stored.truncations().get(id.table());
    if (reason == RejectionReason.SOURCE_RESTARTED) {
      return true;
    }
    return (truncated == null || position.supersedes(truncated))
        && (document == null
            || !document.state().missing().isEmpty()
            || position.supersedes(document.state().position()));
  }

  /** Whether the update heals the failure: by a version, or a truncation, that is as new. */
  public boolean isHealedBy(StoreUpdate update) {
    return update.documents().stream().map(DocumentWrite::state).anyMatch(this::isHealedBy)
        || update.truncations().stream()
            .filter(truncation -> truncation.table().equals(id.table()))
            .anyMatch(truncation -> isAsNew(truncation.position()));
  }

  /** A version that lacks values is remembered, and still not searchable. */
  private boolean isHealedBy(DocumentState state) {
    return state.id().equals(id) && state.missing().isEmpty() && isAsNew(state.position());
  }

  private boolean isAsNew(Position applied) {
    return applied.equals(position) || applied.supersedes(position);
  }
}
