package dev.freshet.deadletter;

import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Renderings;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.sink.RelatedStates;
import dev.freshet.sink.SinkStatus;
import dev.freshet.support.InMemoryLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A sink that decides as the others do, and keeps nothing but the ledger. */
final class LedgerSink implements IndexSink {

  /** The keys of documents that are refused. */
  final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** How many batches are taken before the sink is down. */
  final AtomicInteger upFor = new AtomicInteger(Integer.MAX_VALUE);

  /** Runs before each batch. */
  volatile Runnable before = () -> {};

  private final InMemoryLedger ledger;

  LedgerSink(InMemoryLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    before.run();
    if (upFor.getAndDecrement() <= 0) {
      throw new UnavailableException("the sink is down");
    }
    var stored = RelatedStates.read(ledger, changes);
    var reconciliation = Reconciliation.of(changes, stored);
    var writes = new ArrayList<DocumentWrite>();
    Map<DocumentId, Outcome> outcomes = new HashMap<>();
    for (NextVersion version : reconciliation.nextVersions()) {
      if (refused.contains(version.id().joinedKey())) {
        outcomes.put(
            version.id(), new Outcome.Rejected(RejectionReason.REFUSED_BY_SINK, "refused"));
      } else {
        writes.add(write(version));
        outcomes.put(version.id(), new Outcome.Indexed(1, 1, Instant.EPOCH));
      }
    }
    try {
      ledger.commit(new LedgerUpdate(reconciliation.truncations(), writes, reconciliation.pasts()));
    } catch (ConcurrentUpdateException e) {
      throw new AssertionError(e);
    }
    return reconciliation.outcomes(outcomes);
  }

  private static DocumentWrite write(NextVersion version) {
    return new DocumentWrite(
        version.state(),
        version.storedRevision(),
        version.contentHash(),
        version.metadataHash(),
        version.renderedBy(Renderings.UNSPLIT),
        Instant.EPOCH,
        Instant.EPOCH,
        1);
  }

  @Override
  public SinkStatus status() {
    return new SinkStatus(true, "a ledger");
  }

  @Override
  public void close() {}
}
