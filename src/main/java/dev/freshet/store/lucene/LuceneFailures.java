package dev.freshet.store.lucene;

import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.FailureLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The failed documents in the index folder. */
final class LuceneFailures implements FailureLedger {

  private static final IndexFolder.Plan NOTHING = writer -> {};

  private final IndexFolder folder;
  private final DocumentLedger ledger;

  LuceneFailures(IndexFolder folder, DocumentLedger ledger) {
    this.folder = folder;
    this.ledger = ledger;
  }

  /** A commit that comes between is seen when the failure is read. */
  @Override
  public void record(DocumentFailure failure) {
    if (!isOpen(failure)) {
      return;
    }
    commit(
        committed -> {
          var known = new FailureDocuments(committed).of(failure.id());
          return known.isPresent() && known.get().position().supersedes(failure.position())
              ? NOTHING
              : writer ->
                  writer.updateDocument(
                      FailureDocuments.term(failure.id()), FailureDocuments.of(failure));
        });
  }

  @Override
  public Optional<DocumentFailure> failureOf(DocumentId id) {
    return folder.ask(committed -> new FailureDocuments(committed).of(id)).filter(this::isOpen);
  }

  @Override
  public List<DocumentFailure> newest(int limit) {
    return DocumentFailure.open(
        folder.ask(committed -> new FailureDocuments(committed).newest(limit)), ledger);
  }

  @Override
  public long count() {
    return folder.ask(committed -> new FailureDocuments(committed).count());
  }

  private boolean isOpen(DocumentFailure failure) {
    return failure.isOpen(ledger.read(Set.of(failure.id()), Set.of(failure.id().table())));
  }

  @Override
  public void forgetAll(Map<DocumentId, Position> positions) {
    commit(
        committed -> {
          var known = new FailureDocuments(committed);
          List<DocumentId> forgotten = new ArrayList<>();
          for (var change : positions.entrySet()) {
            var failure = known.of(change.getKey());
            if (failure.isPresent() && failure.get().position().equals(change.getValue())) {
              forgotten.add(change.getKey());
            }
          }
          return writer -> {
            for (DocumentId id : forgotten) {
              writer.deleteDocuments(FailureDocuments.term(id));
            }
          };
        });
  }

  @Override
  public void forget(DocumentId id, Position position) {
    commit(
        committed -> {
          var known = new FailureDocuments(committed).of(id);
          return known.isPresent() && known.get().position().equals(position)
              ? writer -> writer.deleteDocuments(FailureDocuments.term(id))
              : NOTHING;
        });
  }

  private void commit(IndexFolder.Planner planner) {
    try {
      folder.commit(planner);
    } catch (ConcurrentUpdateException e) {
      throw new IllegalStateException("a failure compares no revision", e);
    }
  }
}
