package dev.freshet.job.drift;

import dev.freshet.changeevent.Lsn;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentChange.Rerender.Segments;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Renderings;
import dev.freshet.job.JobOutput;
import dev.freshet.job.drift.Comparison.Finding;
import dev.freshet.job.drift.Confirmation.DriftedRow;
import dev.freshet.job.drift.Confirmation.Orphan;
import dev.freshet.job.drift.TableRows.Indexable;
import dev.freshet.job.drift.TableRows.Look;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.Outcome;
import dev.freshet.source.SourceRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Writes what differs through the sink, as any change, and looks whether it helped. */
final class Repair {

  private static final String NEWER =
      "The index has newer positions of %s than the source: it was restored or replaced by an older"
          + " one. Raise freshet.source-epoch by one, restart, and run the check again";

  /** A mark that serves for some seconds gives way to a newer one meanwhile. */
  private static final int ATTEMPTS = 30;

  private static final int PAUSE_MILLIS = 200;

  private final JobOutput output;
  private final Renderings renderings;

  /**
   * @param renderings by what documents are made now
   */
  Repair(JobOutput output, Renderings renderings) {
    this.output = output;
    this.renderings = renderings;
  }

  void rows(
      TableRows source,
      TableDocuments documents,
      Map<DocumentId, DriftedRow> drifted,
      Findings findings)
      throws SourceRefusedException, InterruptedException {
    if (drifted.isEmpty()) {
      return;
    }
    Set<DocumentId> ids = drifted.keySet();
    Look look = newer(source, ids, lowest(drifted, documents.read(ids)));
    List<Outcome> outcomes =
        output.write(look.rows().values().stream().map(Indexable::message).toList());
    makeAnew(drifted, look.rows(), outcomes);
    judge(source, documents, look.rows(), outcomes, findings);
  }

  /**
   * If the ledger had the row already, nothing was written: then the index lacks what the ledger
   * has.
   */
  private void makeAnew(
      Map<DocumentId, DriftedRow> drifted,
      Map<DocumentId, Indexable> written,
      List<Outcome> outcomes)
      throws InterruptedException {
    var changes = new ArrayList<DocumentChange>();
    int place = 0;
    for (Map.Entry<DocumentId, Indexable> one : written.entrySet()) {
      Outcome outcome = outcomes.get(place++);
      Finding finding = Objects.requireNonNull(drifted.get(one.getKey())).finding();
      if (finding == Finding.UNSEARCHABLE
          || (finding == Finding.DIFFERENT && !(outcome instanceof Outcome.Indexed))) {
        Upsert upsert = one.getValue().change();
        changes.add(
            new Rerender(
                one.getKey(),
                upsert.mapping(),
                renderings.of(upsert.mapping()),
                upsert.origin(),
                Segments.ANEW));
      }
    }
    if (!changes.isEmpty()) {
      var unused = output.apply(changes);
    }
  }

  private static void judge(
      TableRows source,
      TableDocuments documents,
      Map<DocumentId, Indexable> written,
      List<Outcome> outcomes,
      Findings findings)
      throws SourceRefusedException {
    Look now = source.look(written.keySet());
    Map<DocumentId, Finding> compared = documents.compare(now.rows());
    int place = 0;
    for (Map.Entry<DocumentId, Indexable> one : written.entrySet()) {
      Outcome outcome = outcomes.get(place++);
      Indexable row = now.rows().get(one.getKey());
      boolean changed = row == null || !row.version().equals(one.getValue().version());
      boolean refused = outcome instanceof Outcome.Stale || outcome instanceof Outcome.Rejected;
      if (changed && refused) {
        findings.add(Findings.UNDECIDED, Set.of(one.getKey()));
      } else if (changed
          || !Confirmation.isDrift(Objects.requireNonNull(compared.get(one.getKey())))) {
        // Where the row has changed since, a live change took over.
        findings.count(Findings.REPAIRED, 1);
      } else {
        notRepaired(outcome, source, findings);
      }
    }
  }

  private static void notRepaired(Outcome outcome, TableRows source, Findings findings) {
    findings.count(Findings.NOT_REPAIRED, 1);
    if (outcome instanceof Outcome.Stale) {
      findings.remark(NEWER.formatted(source.table()));
    } else if (outcome instanceof Outcome.Rejected rejected) {
      findings.remark("A repair was rejected (" + rejected.reason().label() + ")");
    } else {
      findings.remark("A repair had the outcome '%s' and did not help".formatted(outcome.label()));
    }
  }

  /** Behind which a read wins over what is stored, where the source's log is so long. */
  private static Lsn lowest(
      Map<DocumentId, DriftedRow> drifted, Map<DocumentId, StoredDocument> stored) {
    Lsn lowest = new Lsn(0);
    for (Map.Entry<DocumentId, DriftedRow> one : drifted.entrySet()) {
      DriftedRow row = one.getValue();
      StoredDocument document = stored.get(one.getKey());
      boolean wins =
          document == null
              || row.row().change().origin().position().supersedes(document.state().position());
      if (!wins && row.mark().compareTo(lowest) > 0) {
        lowest = row.mark();
      }
    }
    return lowest;
  }

  private static Look newer(TableRows source, Set<DocumentId> ids, Lsn than)
      throws SourceRefusedException, InterruptedException {
    Look look = source.look(ids);
    for (int i = 0; i < ATTEMPTS && look.mark().compareTo(than) <= 0; i++) {
      Thread.sleep(PAUSE_MILLIS);
      look = source.look(ids);
    }
    return look;
  }

  void orphans(
      TableRows source,
      TableDocuments documents,
      Map<DocumentId, Orphan> orphans,
      Findings findings)
      throws InterruptedException {
    var deletions = new LinkedHashMap<DocumentId, DocumentChange>();
    orphans.forEach(
        (id, orphan) -> {
          Optional<Delete> deletion = deletion(source, id, orphan);
          if (deletion.isPresent()) {
            deletions.put(id, deletion.get());
          } else {
            findings.count(Findings.NOT_REPAIRED, 1);
          }
        });
    if (deletions.isEmpty()) {
      return;
    }
    List<Outcome> outcomes = output.apply(List.copyOf(deletions.values()));
    Map<DocumentId, StoredDocument> after = documents.read(deletions.keySet());
    int place = 0;
    for (DocumentId id : deletions.keySet()) {
      Outcome outcome = outcomes.get(place++);
      StoredDocument stored = after.get(id);
      if (stored == null || stored.state().deleted()) {
        findings.count(Findings.REPAIRED, 1);
      } else {
        notRepaired(outcome, source, findings);
      }
    }
  }

  /**
   * Deletes the document itself, whatever key the mapping has now: a message would name the row of
   * the present key. Empty where the index has a newer position than the source.
   */
  private static Optional<Delete> deletion(TableRows source, DocumentId id, Orphan orphan) {
    return source
        .read(source.deletion(id, orphan.mark()))
        .map(DocumentChange::origin)
        .filter(origin -> origin.position().supersedes(orphan.stored().state().position()))
        .map(origin -> new Delete(id, false, origin));
  }

  /** Says how many orphans stand behind the end of the source's log. */
  static void tellPhantoms(TableRows source, Map<DocumentId, Orphan> orphans, Findings findings) {
    long phantoms =
        orphans.entrySet().stream()
            .filter(one -> deletion(source, one.getKey(), one.getValue()).isEmpty())
            .count();
    if (phantoms > 0) {
      findings.count("phantoms", phantoms);
      findings.remark(NEWER.formatted(source.table()));
    }
  }
}
