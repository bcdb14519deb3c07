package dev.freshet.ledger;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

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
  public boolean isOpen(LedgerView stored) {
    StoredDocument document = stored.documents().get(id);
    Position truncated = stored.truncations().get(id.table());
    return (truncated == null || isNewerThan(truncated))
        && (document == null
            || !document.state().missing().isEmpty()
            || isNewerThan(document.state().position()));
  }

  /** Those of the failures that are open by what is stored now. */
  public static List<DocumentFailure> open(List<DocumentFailure> failures, DocumentLedger ledger) {
    if (failures.isEmpty()) {
      return failures;
    }
    var documents = failures.stream().map(DocumentFailure::id).collect(Collectors.toSet());
    var tables = documents.stream().map(DocumentId::table).collect(Collectors.toSet());
    LedgerView stored = ledger.read(documents, tables);
    return failures.stream().filter(failure -> failure.isOpen(stored)).toList();
  }

  /** What the source sent after it started again is newer than all that it sent before. */
  private boolean isNewerThan(Position stored) {
    boolean restartedSince =
        reason == RejectionReason.SOURCE_RESTARTED
            && position instanceof WalPosition own
            && stored instanceof WalPosition other
            && own.epoch() >= other.epoch();
    return restartedSince || position.supersedes(stored);
  }

  /**
   * Whether the failure is of the change that now stands at this position: the epoch may have been
   * raised since for that of a source that has started again.
   */
  public boolean isOf(Position change) {
    boolean raised =
        reason == RejectionReason.SOURCE_RESTARTED
            && position instanceof WalPosition own
            && change instanceof WalPosition now
            && own.epoch() <= now.epoch()
            && own.withEpoch(now.epoch()).equals(now);
    return raised || position.equals(change);
  }

  /** Whether the update heals the failure: by a version, or a truncation, that is as new. */
  public boolean isHealedBy(LedgerUpdate update) {
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
