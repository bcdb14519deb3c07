package dev.freshet.sink;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.NewestWins;
import dev.freshet.document.States;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is stored, and what a batch's changes make of it one after the other. */
final class BatchStates implements States {

  private final LedgerView stored;
  private final Map<DocumentId, DocumentState> next = new LinkedHashMap<>();
  private final Map<TableId, Position> truncations = new LinkedHashMap<>();
  private final Set<DocumentId> undone = new HashSet<>();
  private final Set<DocumentId> touched = new LinkedHashSet<>();

  BatchStates(LedgerView stored) {
    this.stored = stored;
  }

  @Override
  public @Nullable DocumentState find(DocumentId id) {
    DocumentState changed = next.get(id);
    DocumentState state =
        changed != null ? changed : stored(id).map(StoredDocument::state).orElse(null);
    return NewestWins.unlessTruncated(state, truncated(id.table()));
  }

  @Override
  public @Nullable Position truncated(TableId table) {
    Position inBatch = truncations.get(table);
    return inBatch != null ? inBatch : stored.truncations().get(table);
  }

  @Override
  public void remember(DocumentState state) {
    next.put(state.id(), state);
    touched.add(state.id());
  }

  /**
   * A truncation of the table that the position does not supersede, the batch's or the stored one:
   * where an event has no position of its own, to supersede the newest is not enough.
   *
   * @return null when there is none
   */
  @Nullable Position truncationAfter(TableId table, Position position) {
    Position inBatch = truncations.get(table);
    if (inBatch != null && !position.supersedes(inBatch)) {
      return inBatch;
    }
    Position before = stored.truncations().get(table);
    return before != null && !position.supersedes(before) ? before : null;
  }

  /** Truncates a table at a position that supersedes its newest truncation. */
  void truncate(TableId table, Position position) {
    truncations.put(table, position);
    for (DocumentState state : List.copyOf(next.values())) {
      if (state.id().table().equals(table)) {
        truncate(state, position);
      }
    }
  }

  private void truncate(DocumentState state, Position position) {
    DocumentState left = NewestWins.unlessTruncated(state, position);
    if (left == null) {
      next.remove(state.id());
      undone.add(state.id());
    } else {
      next.put(state.id(), left);
    }
  }

  /** The documents that were remembered since this was asked last. */
  Set<DocumentId> touched() {
    Set<DocumentId> ids = Set.copyOf(touched);
    touched.clear();
    return ids;
  }

  /** The states that are not those stored. */
  Collection<DocumentState> changed() {
    return next.values();
  }

  /** The documents that were remembered and then truncated, and not remembered again. */
  Set<DocumentId> undone() {
    var ids = new HashSet<>(undone);
    ids.removeAll(next.keySet());
    return ids;
  }

  Map<TableId, Position> truncations() {
    return truncations;
  }

  /** What was stored of a document before this batch. */
  Optional<StoredDocument> stored(DocumentId id) {
    return Optional.ofNullable(stored.documents().get(id));
  }
}
