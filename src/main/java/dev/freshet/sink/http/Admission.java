package dev.freshet.sink.http;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Which changes of a batch may be sent. Where ids are bare keys, and nothing says that they are
 * unique across tables, the first table has the service for itself: another table's documents would
 * overwrite its own.
 */
final class Admission {

  private final Set<TableId> tables;
  private final boolean exclusive;
  private final List<DocumentChange> changes;
  private final List<DocumentChange> admitted = new ArrayList<>();

  /**
   * Judges a batch.
   *
   * @param sent the tables of which the service has documents
   * @param exclusive whether one table has the service for itself
   */
  Admission(List<DocumentChange> changes, Set<TableId> sent, boolean exclusive) {
    this.changes = changes;
    this.tables = new HashSet<>(sent);
    this.exclusive = exclusive;
    changes.stream().filter(this::admit).forEach(admitted::add);
  }

  private boolean admit(DocumentChange change) {
    // A truncation reaches the documents of its own table only.
    if (change instanceof DocumentChange.Truncate) {
      return true;
    }
    if (tables.isEmpty() || !exclusive) {
      tables.add(change.table());
    }
    return tables.contains(change.table());
  }

  List<DocumentChange> admitted() {
    return List.copyOf(admitted);
  }

  /** The tables of which the service has documents after the batch. */
  Set<TableId> tables() {
    return Set.copyOf(tables);
  }

  /**
   * One outcome for each change.
   *
   * @param ofAdmitted those of {@link #admitted}, in the same order
   */
  List<Outcome> outcomes(List<Outcome> ofAdmitted) {
    Iterator<Outcome> next = ofAdmitted.iterator();
    Iterator<DocumentChange> nextAdmitted = admitted.iterator();
    var outcomes = new ArrayList<Outcome>();
    DocumentChange expected = nextAdmitted.hasNext() ? nextAdmitted.next() : null;
    for (DocumentChange change : changes) {
      outcomes.add(change == expected ? next.next() : refused(change));
      if (change == expected) {
        expected = nextAdmitted.hasNext() ? nextAdmitted.next() : null;
      }
    }
    return outcomes;
  }

  private Outcome refused(DocumentChange change) {
    return new Outcome.Rejected(
        RejectionReason.REFUSED_BY_SINK,
        "the LlamaIndex service knows the documents of "
            + tables
            + " by their bare keys, so that those of "
            + change.table()
            + " would overwrite them; name the tables to index in freshet.tables, set"
            + " freshet.llama.document-id to key where keys are unique across tables, or to"
            + " table-key for a new index, and replay this message");
  }
}
