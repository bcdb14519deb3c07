package dev.freshet.sink;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.Decision;
import dev.freshet.document.Decision.Changed;
import dev.freshet.document.Decision.Unresolved;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.NewestWins;
import dev.freshet.document.TableMapping;
import dev.freshet.store.StoreView;
import dev.freshet.store.StoredDocument;
import dev.freshet.store.TableTruncation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A batch's changes, compared with what is stored and with one another: which documents change, and
 * to what. Several changes of one document end as one next state.
 */
public final class Reconciliation {

  private final StoreView stored;
  private final Map<DocumentId, DocumentState> next = new LinkedHashMap<>();
  private final Map<DocumentId, TableMapping> mappings = new HashMap<>();
  private final Map<TableId, Position> truncations = new LinkedHashMap<>();
  private final Set<DocumentId> undone = new HashSet<>();
  private final List<Judged> judged = new ArrayList<>();

  /**
   * What was decided of a change.
   *
   * @param document the document whose outcome is the change's; null when it is settled
   * @param settled the outcome of a change without a document of its own
   */
  private record Judged(@Nullable DocumentId document, Outcome settled) {
    static Judged settled(Outcome outcome) {
      return new Judged(null, outcome);
    }
  }

  private Reconciliation(StoreView stored) {
    this.stored = stored;
  }

  /**
   * Compares a batch with what is stored.
   *
   * @param stored has what is stored of {@link #documentsOf} and {@link #tablesOf} the changes
   */
  public static Reconciliation of(List<DocumentChange> changes, StoreView stored) {
    var reconciliation = new Reconciliation(stored);
    changes.forEach(reconciliation::add);
    return reconciliation;
  }

  /** The documents whose states decide over the changes, those under old keys included. */
  public static Set<DocumentId> documentsOf(List<DocumentChange> changes) {
    var ids = new HashSet<DocumentId>();
    for (DocumentChange change : changes) {
      if (change instanceof Upsert upsert) {
        ids.add(upsert.id());
        upsert.movedFrom().ifPresent(ids::add);
      } else if (change instanceof Delete delete) {
        ids.add(delete.id());
      }
    }
    return ids;
  }

  /** The tables whose truncations decide over the changes. */
  public static Set<TableId> tablesOf(List<DocumentChange> changes) {
    var tables = new HashSet<TableId>();
    changes.forEach(change -> tables.add(change.table()));
    return tables;
  }

  private void add(DocumentChange change) {
    if (change instanceof Truncate truncate) {
      judged.add(Judged.settled(truncate(truncate)));
    } else if (change instanceof Upsert upsert) {
      DocumentState old = upsert.movedFrom().map(this::state).orElse(null);
      mappings.put(upsert.id(), upsert.mapping());
      judge(change, NewestWins.upsert(upsert, state(upsert.id()), old, truncated(upsert.table())));
    } else if (change instanceof Delete delete) {
      judge(change, NewestWins.delete(delete, state(delete.id()), truncated(delete.table())));
    }
  }

  private void judge(DocumentChange change, Decision decision) {
    if (decision instanceof Changed changed) {
      next.put(changed.next().id(), changed.next());
      judged.add(new Judged(changed.next().id(), new Outcome.Stale()));
    } else if (decision instanceof Unresolved unresolved) {
      judged.add(Judged.settled(rejected(change, unresolved)));
    } else {
      judged.add(Judged.settled(new Outcome.Stale()));
    }
  }

  private static Outcome rejected(DocumentChange change, Unresolved unresolved) {
    return new Outcome.Rejected(
        RejectionReason.UNAVAILABLE_VALUE,
        "the event of "
            + change.table()
            + " leaves out the unchanged large values of "
            + unresolved.columns()
            + " and no older ones are known; set the table's replica identity to full, or take a"
            + " snapshot of it and replay this message");
  }

  private Outcome truncate(Truncate change) {
    Position position = change.origin().position();
    Position known = truncated(change.table());
    if (known != null && !position.supersedes(known)) {
      return new Outcome.Stale();
    }
    truncations.put(change.table(), position);
    Set<DocumentId> superseded =
        next.values().stream()
            .filter(state -> state.id().table().equals(change.table()))
            .filter(state -> NewestWins.unlessTruncated(state, position) == null)
            .map(DocumentState::id)
            .collect(Collectors.toSet());
    next.keySet().removeAll(superseded);
    undone.addAll(superseded);
    return new Outcome.Deleted();
  }

  private @Nullable DocumentState state(DocumentId id) {
    DocumentState changed = next.get(id);
    return changed != null ? changed : stored(id).map(StoredDocument::state).orElse(null);
  }

  private @Nullable Position truncated(TableId table) {
    Position inBatch = truncations.get(table);
    return inBatch != null ? inBatch : stored.truncations().get(table);
  }

  /** The documents that change, each once. */
  public List<NextVersion> nextVersions() {
    return next.values().stream().map(state -> NextVersion.of(state, this)).toList();
  }

  /** The documents that the batch changes and then truncates, and does not change again. */
  public Set<DocumentId> undone() {
    var ids = new HashSet<>(undone);
    ids.removeAll(next.keySet());
    return ids;
  }

  /** Whether the batch truncates the table. */
  public boolean truncates(TableId table) {
    return truncations.containsKey(table);
  }

  /**
   * Whether nothing but one change of this batch touched the document, be it a change of its own or
   * a truncation of its table.
   */
  public boolean changedOnce(DocumentId id) {
    return !truncates(id.table())
        && judged.stream().filter(one -> id.equals(one.document())).count() == 1;
  }

  /** What was stored of a document before this batch. */
  Optional<StoredDocument> stored(DocumentId id) {
    return Optional.ofNullable(stored.documents().get(id));
  }

  /** How to make the document of a changed state that is not deleted. */
  TableMapping mapping(DocumentId id) {
    return Objects.requireNonNull(mappings.get(id), "only upserts make documents");
  }

  /** The tables that the batch truncates. */
  public List<TableTruncation> truncations() {
    return truncations.entrySet().stream()
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
    return judged.stream()
        .map(
            one ->
                one.document() == null
                    ? one.settled()
                    : ofDocument.getOrDefault(one.document(), one.settled()))
        .toList();
  }
}
