package dev.freshet.sink;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.Decision;
import dev.freshet.document.Decision.Contradicted;
import dev.freshet.document.Decision.Incomplete;
import dev.freshet.document.Decision.Stale;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentChange.Rerender.Segments;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.NewestWins;
import dev.freshet.document.Rendering;
import dev.freshet.document.TableMapping;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.TableTruncation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch's changes, compared with what is stored and with one another: which documents change, and
 * to what. Several changes of one document end as one next state.
 */
public final class Reconciliation {

  private final BatchStates states;
  private final NewestWins rules;
  private final Map<TableId, TableMapping> mappings = new HashMap<>();
  private final Map<DocumentId, Segments> rerendered = new HashMap<>();
  private final List<Judged> judged = new ArrayList<>();

  /**
   * What was decided of a change.
   *
   * @param document the document whose outcome is the change's; null when it is settled
   * @param settled the outcome, unless the document has one
   * @param touched the documents of which the change made something else, others' too
   */
  private record Judged(@Nullable DocumentId document, Outcome settled, Set<DocumentId> touched) {}

  private Reconciliation(LedgerView stored) {
    this.states = new BatchStates(stored);
    this.rules = new NewestWins(states);
  }

  /**
   * Compares a batch with what is stored.
   *
   * @param stored what {@link RelatedStates#read} has read
   */
  public static Reconciliation of(List<DocumentChange> changes, LedgerView stored) {
    var reconciliation = new Reconciliation(stored);
    changes.forEach(reconciliation::add);
    return reconciliation;
  }

  private void add(DocumentChange change) {
    if (change instanceof Truncate truncate) {
      judged.add(new Judged(null, truncate(truncate), Set.of()));
    } else if (change instanceof Upsert upsert) {
      mappings.put(upsert.table(), upsert.mapping());
      judge(upsert.id(), rules.upsert(upsert));
    } else if (change instanceof Delete delete) {
      judge(delete.id(), rules.delete(delete));
    } else if (change instanceof Rerender rerender) {
      rerender(rerender);
    }
  }

  /** What another change of the batch makes anew need not be made again. */
  private void rerender(Rerender change) {
    DocumentId id = change.id();
    DocumentState state = states.find(id);
    if (state == null || !state.complete() || !isNewestStored(state)) {
      judged.add(new Judged(null, new Outcome.Stale(), Set.of()));
      return;
    }
    Rendering stored = stored(id).orElseThrow().renderedBy();
    Rendering former = stored.known() ? stored : change.assumed();
    Set<String> lacking = change.mapping().lacking(state.columns().keySet(), former);
    if (!lacking.isEmpty() || !former.keepsAllOf(change.mapping())) {
      judged.add(new Judged(null, new Outcome.Lacking(lacking), Set.of()));
      return;
    }
    mappings.put(id.table(), change.mapping());
    rerendered.merge(id, change.segments(), (one, other) -> one == Segments.KEPT ? other : one);
    states.remember(state);
    judged.add(new Judged(id, new Outcome.Stale(), states.touched()));
  }

  private void judge(DocumentId id, Decision decision) {
    Set<DocumentId> touched = states.touched();
    if (decision instanceof Contradicted contradicted) {
      judged.add(new Judged(null, sourceRestarted(contradicted.remembered()), touched));
    } else if (decision instanceof Incomplete incomplete) {
      judged.add(new Judged(id, new Outcome.Incomplete(incomplete.columns()), touched));
    } else {
      DocumentId document = decision instanceof Stale ? null : id;
      judged.add(new Judged(document, new Outcome.Stale(), touched));
    }
  }

  private static Outcome sourceRestarted(Position remembered) {
    return new Outcome.Rejected(
        RejectionReason.SOURCE_RESTARTED,
        "it was committed after the change at "
            + remembered.sortKey()
            + " and stands before it, so the source has started its LSN again; when what the old"
            + " source sent is through, raise freshet.source-epoch by one, restart, and replay");
  }

  private Outcome truncate(Truncate change) {
    Position position = change.origin().position();
    Position known = states.truncationAfter(change.table(), position);
    if (known != null) {
      return position.contradicts(known) ? sourceRestarted(known) : new Outcome.Stale();
    }
    states.truncate(change.table(), position);
    return new Outcome.Deleted();
  }

  /** The documents that have another newest version, or are made again, each once. */
  public List<NextVersion> nextVersions() {
    return states.changed().stream()
        .filter(state -> !onlyPastChanges(state))
        .map(state -> NextVersion.of(state, this))
        .toList();
  }

  /** The documents of which only the past changes. */
  public List<PastWrite> pasts() {
    return states.changed().stream()
        .filter(this::onlyPastChanges)
        .map(state -> new PastWrite(state, stored(state.id()).orElseThrow().revision()))
        .toList();
  }

  private boolean onlyPastChanges(DocumentState state) {
    return isNewestStored(state) && !rerendered.containsKey(state.id());
  }

  private boolean isNewestStored(DocumentState state) {
    return stored(state.id())
        .filter(before -> before.state().newest().equals(state.newest()))
        .isPresent();
  }

  /** The documents that the batch changes and then truncates, and does not change again. */
  public Set<DocumentId> undone() {
    return states.undone();
  }

  /** Whether the batch truncates the table. */
  public boolean truncates(TableId table) {
    return states.truncations().containsKey(table);
  }

  /**
   * Whether nothing but one change of this batch touched the document, be it a change of its own or
   * a truncation of its table.
   */
  public boolean changedOnce(DocumentId id) {
    return !truncates(id.table())
        && judged.stream().filter(one -> one.touched().contains(id)).count() == 1;
  }

  /** Whether the change at this place in the batch makes something else of one of the documents. */
  public boolean touches(int change, Set<DocumentId> documents) {
    return judged.get(change).touched().stream().anyMatch(documents::contains);
  }

  /** What was stored of a document before this batch. */
  Optional<StoredDocument> stored(DocumentId id) {
    return states.stored(id);
  }

  /** Whether nothing that is stored of the document but its columns is to be relied on. */
  boolean isAnew(DocumentId id) {
    return rerendered.get(id) == Segments.ANEW;
  }

  /** How to make the document of a changed state that is not deleted. */
  TableMapping mapping(DocumentId id) {
    return Objects.requireNonNull(
        mappings.get(id.table()), "only upserts and rerenders make documents");
  }

  /** The tables that the batch truncates. */
  public List<TableTruncation> truncations() {
    return states.truncations().entrySet().stream()
        .map(entry -> new TableTruncation(entry.getKey(), entry.getValue()))
        .toList();
  }

  /**
   * One outcome for each change, in the order of the batch.
   *
   * @param ofDocument the outcomes of the documents whose states change; a change whose document
   *     was truncated later in the batch has none of its own
   */
  public List<Outcome> outcomes(Map<DocumentId, Outcome> ofDocument) {
    return judged.stream().map(one -> outcome(one, ofDocument)).toList();
  }

  private Outcome outcome(Judged one, Map<DocumentId, Outcome> ofDocument) {
    for (DocumentId id : one.touched()) {
      if (ofDocument.get(id) instanceof Outcome.Rejected rejected) {
        return rejected;
      }
    }
    if (one.document() == null) {
      return one.settled();
    }
    Outcome settled = one.settled();
    if (settled instanceof Outcome.Incomplete) {
      DocumentState state = states.find(one.document());
      if (state != null && !state.missing().isEmpty()) {
        return new Outcome.Incomplete(state.missing());
      }
      settled = new Outcome.Stale();
    }
    return ofDocument.getOrDefault(one.document(), settled);
  }
}
