package dev.freshet.store;

import dev.freshet.changeevent.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one batch changes, all of it or nothing.
 *
 * <p>A truncation deletes the table's documents and segments whose position it supersedes (the
 * remembered truncation replaces their states), before the documents are written. No document
 * appears twice.
 */
public record StoreUpdate(
    List<TableTruncation> truncations, List<DocumentWrite> documents, List<PastWrite> pasts) {

  public StoreUpdate {
    truncations = List.copyOf(truncations);
    documents = List.copyOf(documents);
    pasts = List.copyOf(pasts);
  }

  /** An update that leaves the past of other documents alone. */
  public StoreUpdate(List<TableTruncation> truncations, List<DocumentWrite> documents) {
    this(truncations, documents, List.of());
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
}
