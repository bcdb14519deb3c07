package dev.freshet.sink;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is stored of everything that a batch's changes may touch. */
public final class RelatedStates {

  private RelatedStates() {}

  /**
   * Reads what decides over the changes: the states of their documents, also under old keys, and of
   * those that rows have moved to since; and the truncations of their tables.
   */
  public static LedgerView read(DocumentLedger ledger, List<DocumentChange> changes) {
    var ids = documentsOf(changes);
    LedgerView view = ledger.read(ids, tablesOf(changes));
    for (Set<DocumentId> heirs = heirs(view, ids); !heirs.isEmpty(); heirs = heirs(view, ids)) {
      ids.addAll(heirs);
      view = view.with(ledger.read(heirs, Set.of()));
    }
    return view;
  }

  private static Set<DocumentId> heirs(LedgerView view, Set<DocumentId> known) {
    var heirs = new HashSet<DocumentId>();
    view.documents().values().forEach(stored -> heirs.addAll(stored.state().heirs()));
    heirs.removeAll(known);
    return heirs;
  }

  /** The documents whose states decide over the changes, those under old keys included. */
  private static Set<DocumentId> documentsOf(List<DocumentChange> changes) {
    var ids = new HashSet<DocumentId>();
    for (DocumentChange change : changes) {
      if (change instanceof Upsert upsert) {
        ids.add(upsert.id());
        Optional.ofNullable(upsert.movedFrom()).ifPresent(ids::add);
      } else {
        change.document().ifPresent(ids::add);
      }
    }
    return ids;
  }

  /** The tables whose truncations decide over the changes. */
  private static Set<TableId> tablesOf(List<DocumentChange> changes) {
    var tables = new HashSet<TableId>();
    changes.forEach(change -> tables.add(change.table()));
    return tables;
  }
}
