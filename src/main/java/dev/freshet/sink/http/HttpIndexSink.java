package dev.freshet.sink.http;

import dev.freshet.RejectedException;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.LedgerView;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.sink.RelatedStates;
import dev.freshet.sink.SinkStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends what changed to the LlamaIndex service, and remembers it in a ledger once the service has
 * confirmed it; of a batch that fails too, so that the next time only the rest is sent. The ledger
 * is this sink's own: a service shared with another writer is not seen.
 */
final class HttpIndexSink implements IndexSink {

  private final LlamaIndexService service;
  private final DocumentLedger ledger;
  private final SentDocuments sent;
  private final DocumentIdForm form;
  private final boolean exclusive;
  private final Requests requests;
  private final RequestPositions positions;
  private final BatchLimit limit;
  private final Clock clock;

  /**
   * Makes a sink.
   *
   * @param exclusive whether one table has the service for itself
   * @param concurrency the most requests in flight
   * @throws UnavailableException when the ledger speaks of ids of another form
   */
  HttpIndexSink(
      LlamaIndexService service,
      DocumentLedger ledger,
      DocumentIdForm form,
      boolean exclusive,
      int concurrency,
      Clock clock) {
    this.service = service;
    this.ledger = ledger;
    this.sent = new SentDocuments(ledger);
    this.form = form;
    this.exclusive = exclusive;
    this.clock = clock;
    ServiceNote.takeOver(ledger);
    ServiceNote.read(ledger.notes(), form);
    this.positions = new RequestPositions(ledger.notes(), clock);
    this.limit = new BatchLimit(service);
    this.requests = new Requests(concurrency);
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    return apply(changes, Map.of());
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes, Map<DocumentId, TraceContext> traces) {
    LedgerView stored = RelatedStates.read(ledger, changes);
    ServiceNote before = ServiceNote.read(ledger.notes(), form);
    var admission = new Admission(changes, before.tables(), exclusive);
    var reconciliation = Reconciliation.of(admission.admitted(), stored);
    Instant now = clock.instant();
    var batch = new BatchRequests(service, form, reconciliation, traces, positions, clock);
    reconciliation.nextVersions().forEach(batch::add);
    sent.tombstones(admission.admitted(), reconciliation, stored, now).forEach(batch::addTruncated);
    ServiceNote note = before.with(admission.tables());

    send(batch, note, before);
    sent.commit(
        new LedgerUpdate(
            reconciliation.truncations(), batch.confirmedVersions(), reconciliation.pasts()),
        note,
        before);
    return admission.outcomes(reconciliation.outcomes(batch.outcomes()));
  }

  /**
   * Sends everything, or remembers what was confirmed before it fails.
   *
   * @throws RejectedException when the service refuses a document that the batch changes more than
   *     once
   */
  private void send(BatchRequests batch, ServiceNote note, ServiceNote before) {
    try {
      requests.run(batch.requests(limit));
      limit.succeeded();
    } catch (UnavailableException e) {
      limit.failed();
      // A stop interrupts: a store is not to be written to then.
      if (!Thread.currentThread().isInterrupted()) {
        rememberBefore(e, () -> sent.commitPart(batch.confirmed(), note, before));
      }
      throw e;
    }
    Optional<Outcome.Rejected> unclear = batch.unclearRefusal();
    if (unclear.isPresent()) {
      sent.commitPart(batch.confirmed(), note, before);
      throw new RejectedException(unclear.get().reason(), unclear.get().detail());
    }
  }

  private static void rememberBefore(UnavailableException failure, Runnable commit) {
    try {
      commit.run();
    } catch (UnavailableException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public SinkStatus status() {
    var remembering = ledger.status();
    return remembering.available()
        ? service.status()
        : new SinkStatus(false, remembering.description());
  }

  @Override
  public void close() {
    requests.close();
    ledger.close();
  }
}
