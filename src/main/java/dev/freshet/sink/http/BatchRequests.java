package dev.freshet.sink.http;

import dev.freshet.RejectionReason;
import dev.freshet.document.DocumentId;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that bring the service to the next versions of a batch's documents, one of each
 * document, and what became of them.
 */
final class BatchRequests {

  private static final Logger LOG = LoggerFactory.getLogger(BatchRequests.class);

  private final LlamaIndexService service;
  private final DocumentIdForm form;
  private final Reconciliation reconciliation;
  private final List<Runnable> requests = new ArrayList<>();
  private final Map<DocumentId, Outcome> outcomes = new ConcurrentHashMap<>();

  BatchRequests(LlamaIndexService service, DocumentIdForm form, Reconciliation reconciliation) {
    this.service = service;
    this.form = form;
    this.reconciliation = reconciliation;
  }

  /**
   * Adds what the version needs. That it equals the stored one proves something only while the
   * batch touches the document once: before a crash the service may have got a state in between,
   * which the ledger never saw. A delete is sent always for the same reason.
   */
  void add(NextVersion version) {
    if (form.of(version.id()).isEmpty()) {
      outcomes.put(version.id(), emptyKey());
    } else if (version.deleted()) {
      requests.add(() -> outcomes.put(version.id(), delete(version)));
    } else if (version.sameAsStored() && reconciliation.changedOnce(version.id())) {
      outcomes.put(version.id(), new Outcome.Unchanged());
    } else {
      requests.add(() -> outcomes.put(version.id(), upsert(version)));
    }
  }

  private static Outcome emptyKey() {
    return new Outcome.Rejected(
        RejectionReason.REFUSED_BY_SINK,
        "the key is an empty text, which the path of a delete cannot name; give the row a key, or"
            + " set freshet.http.document-id to table-key");
  }

  /** Adds the deletion of a document whose table is truncated. */
  void addTruncated(DocumentId document) {
    requests.add(() -> deleteTruncated(document));
  }

  private Outcome delete(NextVersion version) {
    Reply reply = service.delete(form.of(version.id()));
    if (reply.rejects()) {
      return reply.rejected();
    }
    boolean sent = version.stored().filter(before -> !before.state().deleted()).isPresent();
    if (sent && !reply.accepted()) {
      LOG.warn(
          "The service does not know {}, which it had taken; see that it decodes the id in {}",
          version.id(),
          reply.call());
    }
    return new Outcome.Deleted();
  }

  private Outcome upsert(NextVersion version) {
    Reply reply = service.upsert(form.of(version.id()), version.document());
    if (reply.accepted()) {
      // The service splits and embeds, and does not say into how many segments.
      return new Outcome.Indexed(0, 0);
    }
    if (reconciliation.truncates(version.id().table())) {
      deleteTruncated(version.id());
    }
    return reply.rejected();
  }

  private void deleteTruncated(DocumentId document) {
    Reply reply = service.delete(form.of(document));
    if (reply.rejects()) {
      LOG.warn(
          "The service keeps {} of a truncated table: {}", document, reply.rejected().detail());
    }
  }

  Collection<Runnable> requests() {
    return List.copyOf(requests);
  }

  /** What became of each document; complete once every request was run. */
  Map<DocumentId, Outcome> outcomes() {
    return Map.copyOf(outcomes);
  }
}
