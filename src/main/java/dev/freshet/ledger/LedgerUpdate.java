package dev.freshet.ledger;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one batch changes in the ledger, all of it or nothing.
 *
 * <p>A truncation deletes the table's documents whose position it supersedes (the remembered
 * truncation replaces their states), before the documents are written. No document appears twice.
 */
public record LedgerUpdate(
    List<TableTruncation> truncations, List<DocumentWrite> documents, List<PastWrite> pasts) {

  public LedgerUpdate {
    truncations = List.copyOf(truncations);
    documents = List.copyOf(documents);
    pasts = List.copyOf(pasts);
  }

  /** An update of documents alone. */
  public static LedgerUpdate of(List<DocumentWrite> documents) {
    return new LedgerUpdate(List.of(), documents, List.of());
  }

  /** An update that leaves everything as it is but for some documents' past. */
  public static LedgerUpdate ofPasts(List<PastWrite> pasts) {
    return new LedgerUpdate(List.of(), List.of(), pasts);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return truncations.isEmpty() && documents.isEmpty() && pasts.isEmpty();
  }

  /** The tables that it changes, in the order of their names; a set of the caller's own. */
  public Set<TableId> tables() {
    var tables = new TreeSet<TableId>();
    truncations.forEach(truncation -> tables.add(truncation.table()));
    states().forEach(write -> tables.add(write.state().id().table()));
    return tables;
  }

  /** All states to remember. */
  public List<StateWrite> states() {
    var states = new ArrayList<StateWrite>(documents);
    states.addAll(pasts);
    return states;
  }

  /** The documents of {@link #states}. */
  public Set<DocumentId> ids() {
    return states().stream().map(write -> write.state().id()).collect(Collectors.toSet());
  }

  /**
   * Checks that what it was decided on is still what is stored.
   *
   * @param stored has what is stored of its documents and tables
   * @throws ConcurrentUpdateException when a document has another revision than the expected one,
   *     or its table was truncated at a position that it does not supersede
   */
  public void requireBasedOn(LedgerView stored) throws ConcurrentUpdateException {
    var truncations = new HashMap<>(stored.truncations());
    for (TableTruncation truncation : this.truncations) {
      truncations.merge(
          truncation.table(),
          truncation.position(),
          (before, own) -> own.supersedes(before) ? own : before);
    }
    for (StateWrite write : states()) {
      DocumentId id = write.state().id();
      StoredDocument before = stored.documents().get(id);
      Position truncated = truncations.get(id.table());
      if ((before == null ? 0 : before.revision()) != write.expectedRevision()) {
        throw new ConcurrentUpdateException(id + " was changed meanwhile");
      }
      if (truncated != null && !write.state().position().supersedes(truncated)) {
        throw new ConcurrentUpdateException(
            id.table() + " was truncated meanwhile, at " + truncated.sortKey());
      }
    }
  }
}
