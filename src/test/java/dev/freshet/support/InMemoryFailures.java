package dev.freshet.support;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.FailureLedger;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.LedgerView;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Failed documents that are forgotten with the process. */
public final class InMemoryFailures implements FailureLedger {

  private final Map<DocumentId, DocumentFailure> failures = new ConcurrentHashMap<>();
  private final Function<DocumentId, LedgerView> stored;
  private volatile boolean failing;

  /**
   * @param stored what is stored of the document and of its table
   */
  public InMemoryFailures(Function<DocumentId, LedgerView> stored) {
    this.stored = stored;
  }

  @Override
  public void record(DocumentFailure failure) {
    DocumentFailure known = failures.get(failure.id());
    if ((known == null || !known.position().supersedes(failure.position())) && isOpen(failure)) {
      failures.put(failure.id(), failure);
    }
  }

  private boolean isOpen(DocumentFailure failure) {
    return failure.isOpen(stored.apply(failure.id()));
  }

  @Override
  public Optional<DocumentFailure> failureOf(DocumentId id) {
    return Optional.ofNullable(failures.get(id)).filter(this::isOpen);
  }

  @Override
  public List<DocumentFailure> newest(int limit) {
    return failures.values().stream()
        .sorted(Comparator.comparing(DocumentFailure::failedAt).reversed())
        .limit(limit)
        .filter(this::isOpen)
        .toList();
  }

  /** From now on nobody can tell how many there are. */
  public void fail() {
    failing = true;
  }

  @Override
  public long count() {
    if (failing) {
      throw new UnavailableException("the failures were told to fail");
    }
    return failures.size();
  }

  @Override
  public void forget(DocumentId id, Position position) {
    failures.computeIfPresent(
        id, (same, failure) -> failure.position().equals(position) ? null : failure);
  }

  Collection<DocumentFailure> all() {
    return failures.values();
  }

  /** What a store does in its commit. */
  public void heal(LedgerUpdate update) {
    failures.values().removeIf(failure -> failure.isHealedBy(update));
  }

  public void clear() {
    failures.clear();
  }
}
