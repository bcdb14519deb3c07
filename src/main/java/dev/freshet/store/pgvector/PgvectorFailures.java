package dev.freshet.store.pgvector;

import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.FailureLedger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The failed documents in PostgreSQL. */
final class PgvectorFailures implements FailureLedger {

  private final PgvectorIndexStore store;

  PgvectorFailures(PgvectorIndexStore store) {
    this.store = store;
  }

  /** A commit that comes between is seen when the failure is read. */
  @Override
  public void record(DocumentFailure failure) {
    if (!isOpen(failure)) {
      return;
    }
    store.<Void>inTransaction(
        handle -> {
          var rows = new FailureRows(handle);
          if (rows.of(failure.id()).filter(known -> isNewer(known, failure)).isEmpty()) {
            rows.put(failure);
          }
          return null;
        });
  }

  private static boolean isNewer(DocumentFailure known, DocumentFailure failure) {
    return known.position().supersedes(failure.position());
  }

  @Override
  public Optional<DocumentFailure> failureOf(DocumentId id) {
    return store.inTransaction(handle -> new FailureRows(handle).of(id)).filter(this::isOpen);
  }

  @Override
  public Map<DocumentId, DocumentFailure> failuresOf(Set<DocumentId> ids) {
    List<DocumentFailure> known =
        store.inTransaction(handle -> new FailureRows(handle).ofDocuments(ids));
    return DocumentFailure.open(known, store).stream()
        .collect(Collectors.toMap(DocumentFailure::id, failure -> failure));
  }

  @Override
  public List<DocumentFailure> newest(int limit) {
    return DocumentFailure.open(
        store.inTransaction(handle -> new FailureRows(handle).newest(limit)), store);
  }

  @Override
  public long count() {
    return store.inTransaction(handle -> new FailureRows(handle).count());
  }

  private boolean isOpen(DocumentFailure failure) {
    return failure.isOpen(store.read(Set.of(failure.id()), Set.of(failure.id().table())));
  }

  @Override
  public void forgetAll(Map<DocumentId, Position> positions) {
    store.<Void>inTransaction(
        handle -> {
          positions.forEach(new FailureRows(handle)::delete);
          return null;
        });
  }

  @Override
  public void forget(DocumentId id, Position position) {
    store.<Void>inTransaction(
        handle -> {
          new FailureRows(handle).delete(id, position);
          return null;
        });
  }
}
