package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.document.NewestWins;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import dev.freshet.sink.SinkStatus;
import dev.freshet.store.ConcurrentUpdateException;
import dev.freshet.store.DocumentLedger;
import dev.freshet.store.DocumentWrite;
import dev.freshet.store.StoreUpdate;
import dev.freshet.store.StoreView;
import dev.freshet.store.StoredDocument;
import dev.freshet.store.TableTruncation;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends what changed to the LlamaIndex service, and remembers it in a ledger once the service has
 * confirmed it. The ledger is this sink's own: a service shared with another writer is not seen.
 */
final class HttpIndexSink implements IndexSink {

  private static final int LEDGER_PAGE = 1000;

  private final LlamaIndexService service;
  private final DocumentLedger ledger;
  private final DocumentIdForm form;
  private final boolean exclusive;
  private final Requests requests;
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
    this.form = form;
    this.exclusive = exclusive;
    this.clock = clock;
    ServiceNote.read(ledger.read(Set.of(ServiceNote.ID), Set.of()), form);
    this.requests = new Requests(concurrency);
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    StoreView stored = read(changes);
    ServiceNote note = ServiceNote.read(stored, form);
    var admission = new Admission(changes, note.tables(), exclusive);
    var reconciliation = Reconciliation.of(admission.admitted(), stored);
    List<NextVersion> versions = reconciliation.nextVersions();
    Map<DocumentId, Outcome> outcomes = send(reconciliation, versions);
    List<NextVersion> taken =
        versions.stream()
            .filter(version -> !(outcomes.get(version.id()) instanceof Outcome.Rejected))
            .toList();
    remember(reconciliation.truncations(), taken, note, note.with(admission.tables()));
    return admission.outcomes(reconciliation.outcomes(outcomes));
  }

  private StoreView read(List<DocumentChange> changes) {
    var documents = new HashSet<>(Reconciliation.documentsOf(changes));
    documents.add(ServiceNote.ID);
    return ledger.read(documents, Reconciliation.tablesOf(changes));
  }

  private Map<DocumentId, Outcome> send(Reconciliation reconciliation, List<NextVersion> versions) {
    var batch = new BatchRequests(service, form, reconciliation);
    versions.forEach(batch::add);
    var truncated = new HashSet<>(reconciliation.undone());
    reconciliation.truncations().forEach(one -> truncated.addAll(superseded(one)));
    versions.forEach(version -> truncated.remove(version.id()));
    truncated.forEach(batch::addTruncated);
    requests.run(batch.requests());
    return batch.outcomes();
  }

  /** The remembered documents that the truncation deletes. */
  private List<DocumentId> superseded(TableTruncation truncation) {
    List<DocumentId> all = ledger.documentsOf(truncation.table());
    var superseded = new ArrayList<DocumentId>();
    for (int from = 0; from < all.size(); from += LEDGER_PAGE) {
      List<DocumentId> page = all.subList(from, Math.min(from + LEDGER_PAGE, all.size()));
      ledger.read(Set.copyOf(page), Set.of()).documents().values().stream()
          .filter(document -> isSuperseded(document, truncation.position()))
          .forEach(document -> superseded.add(document.state().id()));
    }
    return superseded;
  }

  private static boolean isSuperseded(StoredDocument document, Position truncated) {
    return NewestWins.unlessTruncated(document.state(), truncated) == null;
  }

  private void remember(
      List<TableTruncation> truncations,
      List<NextVersion> versions,
      ServiceNote before,
      ServiceNote note) {
    Instant now = clock.instant();
    var writes = new ArrayList<DocumentWrite>();
    versions.forEach(version -> writes.add(write(version, now)));
    if (!note.equals(before)) {
      writes.add(note.write(now));
    }
    var update = new StoreUpdate(truncations, writes);
    try {
      if (!update.isEmpty()) {
        ledger.commit(update);
      }
    } catch (ConcurrentUpdateException e) {
      throw new UnavailableException("another process writes to the ledger of this sink", e);
    }
  }

  private static DocumentWrite write(NextVersion version, Instant now) {
    return new DocumentWrite(
        version.state(),
        version.storedRevision(),
        version.contentHash(),
        version.metadataHash(),
        now,
        // A store has metadata for its segments, of which a ledger has none.
        JsonNodeFactory.instance.objectNode(),
        List.of());
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
