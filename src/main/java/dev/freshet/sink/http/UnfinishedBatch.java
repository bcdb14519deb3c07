package dev.freshet.sink.http;

import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.store.DocumentWrite;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which confirmed documents of a batch the ledger may know although the batch is applied again, so
 * that the next time only the rest is sent.
 *
 * <p>Every document may, but for the old key of a row that moved to another one and whose event
 * leaves values out: they are looked up under the old key. Where the batch changes afterwards what
 * stands there, the next time would find those of another row; so the old key waits until the new
 * one is known.
 */
final class UnfinishedBatch {

  private record Move(DocumentId from, DocumentId to) {}

  private final List<DocumentChange> changes;
  private final List<Move> moves = new ArrayList<>();

  /**
   * Judges a batch.
   *
   * @param pending the documents that the batch changes, confirmed or not
   */
  UnfinishedBatch(
      List<DocumentChange> changes, Reconciliation reconciliation, Set<DocumentId> pending) {
    this.changes = changes;
    List<Outcome> settled = reconciliation.outcomes(Map.of());
    for (int i = 0; i < changes.size(); i++) {
      boolean open = settled.get(i) instanceof Outcome.Rejected;
      if (changes.get(i) instanceof Upsert upsert
          && upsert.movedFrom().isPresent()
          && !upsert.row().unavailable().isEmpty()
          && (open || pending.contains(upsert.id()))) {
        addMove(upsert.movedFrom().get(), upsert.id(), i, reconciliation);
      }
    }
  }

  private void addMove(DocumentId from, DocumentId to, int index, Reconciliation reconciliation) {
    List<DocumentChange> later = changes.subList(index + 1, changes.size());
    if (Reconciliation.documentsOf(later).contains(from)
        || reconciliation.truncates(from.table())) {
      moves.add(new Move(from, to));
    }
  }

  /** Those of the confirmed versions that the ledger may know. */
  List<DocumentWrite> settled(List<DocumentWrite> confirmed) {
    var settled = new HashSet<DocumentId>();
    confirmed.forEach(write -> settled.add(write.state().id()));
    boolean changed = true;
    while (changed) {
      changed = settled.removeIf(id -> waits(id, settled));
    }
    return confirmed.stream().filter(write -> settled.contains(write.state().id())).toList();
  }

  private boolean waits(DocumentId id, Set<DocumentId> settled) {
    return moves.stream().anyMatch(move -> move.from().equals(id) && !settled.contains(move.to()));
  }
}
