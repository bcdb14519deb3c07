package dev.freshet.sink.http;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.LogContext;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Reconciliation;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that bring the service to the next versions of a batch's documents, each document in
 * one of them, and what became of them.
 */
final class BatchRequests {

  private static final Logger LOG = LoggerFactory.getLogger(BatchRequests.class);

  /** The service splits and embeds, and does not say into how many segments. */
  private static final Outcome INDEXED = new Outcome.Indexed(0, 0, null);

  private final LlamaIndexService service;
  private final DocumentIdForm form;
  private final Reconciliation reconciliation;
  private final Map<DocumentId, TraceContext> traces;
  private final RequestPositions positions;
  private final Clock clock;
  private final Map<DocumentId, NextVersion> versions = new LinkedHashMap<>();
  private final List<DocumentWrite> tombstones = new ArrayList<>();
  private final List<Runnable> deletes = new ArrayList<>();
  private final List<Upsert> upserts = new ArrayList<>();
  private final Map<DocumentId, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Set<DocumentId> truncated = ConcurrentHashMap.newKeySet();

  BatchRequests(
      LlamaIndexService service,
      DocumentIdForm form,
      Reconciliation reconciliation,
      Map<DocumentId, TraceContext> traces,
      RequestPositions positions,
      Clock clock) {
    this.service = service;
    this.form = form;
    this.reconciliation = reconciliation;
    this.traces = traces;
    this.positions = positions;
    this.clock = clock;
  }

  /**
   * Adds what the version needs. That it equals the stored one proves something only while the
   * batch touches the document once: before a crash the service may have got a state in between,
   * which the ledger never saw. A delete is sent always for the same reason.
   */
  void add(NextVersion version) {
    versions.put(version.id(), version);
    if (isUnnamed(version.id())) {
      outcomes.put(version.id(), emptyKey());
    } else if (version.absent()) {
      String position = positions.next();
      deletes.add(
          () -> traced(version.id(), () -> outcomes.put(version.id(), delete(version, position))));
    } else if (version.sameAsStored() && reconciliation.changedOnce(version.id())) {
      outcomes.put(version.id(), new Outcome.Unchanged());
    } else {
      upserts.add(
          new Upsert(
              version.id(),
              form.of(version.id()),
              version.document(),
              positions.next(),
              trace(version.id())));
    }
  }

  /** Runs a request whose log lines, too, name the trace of the document's change. */
  private void traced(DocumentId document, Runnable request) {
    TraceContext trace = traces.get(document);
    if (trace == null) {
      request.run();
      return;
    }
    LogContext.set(Optional.of(trace));
    try {
      request.run();
    } finally {
      LogContext.clear();
    }
  }

  private Map<String, String> trace(DocumentId document) {
    TraceContext trace = traces.get(document);
    return trace == null ? Map.of() : trace.headers();
  }

  /** Whether no path can name the document; the service never gets it. */
  private boolean isUnnamed(DocumentId document) {
    return form.of(document).isEmpty();
  }

  private static Outcome emptyKey() {
    return new Outcome.Rejected(
        RejectionReason.REFUSED_BY_SINK,
        "the key is an empty text, which the path of a delete cannot name; give the row a key, or"
            + " set freshet.llama.document-id to table-key");
  }

  /** Adds the deletion of a document whose table is truncated, unless it has a next version. */
  void addTruncated(DocumentWrite tombstone) {
    DocumentId document = tombstone.state().id();
    if (!isUnnamed(document) && !versions.containsKey(document)) {
      tombstones.add(tombstone);
      String position = positions.next();
      deletes.add(() -> traced(document, () -> deleteTruncated(document, position)));
    }
  }

  private Outcome delete(NextVersion version, String position) {
    Reply reply = service.delete(form.of(version.id()), position, trace(version.id()));
    if (reply.rejects()) {
      return reply.rejected();
    }
    boolean sent = version.stored() != null && version.stored().state().complete();
    if (sent && !reply.accepted()) {
      LOG.warn(
          "The service does not know {}, which it had taken; see that it decodes the id in {}",
          version.id(),
          reply.call());
    }
    return new Outcome.Deleted();
  }

  /** A refusal of several does not say whose it is. */
  private void upsert(List<Upsert> several) {
    if (several.size() > 1 && service.upsert(several).accepted()) {
      several.forEach(upsert -> outcomes.put(upsert.document(), INDEXED));
    } else {
      several.forEach(upsert -> traced(upsert.document(), () -> upsert(upsert)));
    }
  }

  private void upsert(Upsert upsert) {
    Reply reply = service.upsert(upsert);
    outcomes.put(upsert.document(), reply.accepted() ? INDEXED : reply.rejected());
  }

  private void deleteTruncated(DocumentId document, String position) {
    Reply reply = service.delete(form.of(document), position, trace(document));
    if (reply.rejects()) {
      LOG.warn(
          "The service keeps {} of a truncated table: {}", document, reply.rejected().detail());
    } else {
      truncated.add(document);
    }
  }

  Collection<Runnable> requests(BatchLimit limit) {
    var requests = new ArrayList<>(deletes);
    limit.divide(upserts).forEach(several -> requests.add(() -> upsert(several)));
    return requests;
  }

  /** What became of each document; complete once every request was run. */
  Map<DocumentId, Outcome> outcomes() {
    return Map.copyOf(outcomes);
  }

  /** The versions that the service has. */
  List<DocumentWrite> confirmedVersions() {
    Instant now = clock.instant();
    return versions.values().stream()
        .filter(version -> isTaken(outcomes.get(version.id())))
        .map(version -> SentDocuments.write(version, now))
        .toList();
  }

  private static boolean isTaken(@Nullable Outcome outcome) {
    return outcome != null && !(outcome instanceof Outcome.Rejected);
  }

  /** The versions that the service has, and the tombstones of what its tables lost. */
  List<DocumentWrite> confirmed() {
    var confirmed = new ArrayList<>(confirmedVersions());
    tombstones.stream()
        .filter(tombstone -> truncated.contains(tombstone.state().id()))
        .forEach(confirmed::add);
    return confirmed;
  }

  /**
   * A refusal of the last of several changes of a document: the others may be good, and are sent
   * only when they are applied without it.
   */
  Optional<Outcome.Rejected> unclearRefusal() {
    return outcomes.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Outcome.Rejected)
        .filter(entry -> !isUnnamed(entry.getKey()))
        .filter(entry -> !reconciliation.changedOnce(entry.getKey()))
        .map(entry -> (Outcome.Rejected) entry.getValue())
        .findFirst();
  }
}
