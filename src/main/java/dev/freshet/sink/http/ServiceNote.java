package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.ledger.StateJson;
import dev.freshet.ledger.StoredDocument;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the ledger remembers of the service as a whole.
 *
 * @param form under which ids the service knows the documents
 * @param tables those of which documents were sent
 */
record ServiceNote(DocumentIdForm form, Set<TableId> tables) {

  private static final String NAME = "http.service";
  private static final String FORM = "document-id";
  private static final String TABLES = "tables";

  /** Earlier versions kept it as the columns of this document, which is in no table of a source. */
  private static final DocumentId FORMER =
      new DocumentId(new TableId("freshet", "llamaindex-service"), List.of("note"));

  ServiceNote {
    tables = Set.copyOf(tables);
  }

  /**
   * Reads the note.
   *
   * @throws UnavailableException when the documents were sent under ids of another form; the ledger
   *     and the service have to start anew together
   */
  static ServiceNote read(NoteLedger notes, DocumentIdForm form) {
    Optional<String> text = notes.read(NAME);
    if (text.isEmpty()) {
      return new ServiceNote(form, Set.of());
    }
    ObjectNode note = StateJson.object(text.get());
    if (!form.label().equals(note.path(FORM).asText())) {
      throw new UnavailableException(
          "the LlamaIndex service has documents under ids of another form than"
              + " freshet.llama.document-id="
              + form.label()
              + "; set it back, or empty the service's index and the ledger and take a snapshot");
    }
    var tables = new HashSet<TableId>();
    note.path(TABLES).forEach(table -> tables.add(TableId.parse(table.asText())));
    return new ServiceNote(form, tables);
  }

  /** The same note, with more tables. */
  ServiceNote with(Set<TableId> more) {
    var all = new HashSet<>(tables);
    all.addAll(more);
    return new ServiceNote(form, all);
  }

  void write(NoteLedger notes) {
    notes.write(NAME, text(form.label(), tables));
  }

  private static String text(String form, Set<TableId> tables) {
    ObjectNode note = JsonNodeFactory.instance.objectNode().put(FORM, form);
    var names = note.putArray(TABLES);
    new TreeSet<>(tables).forEach(table -> names.add(table.toString()));
    return note.toString();
  }

  /** Takes the note over from the document of an earlier version, and forgets the document. */
  static void takeOver(DocumentLedger ledger) {
    StoredDocument former = ledger.read(Set.of(FORMER), Set.of()).documents().get(FORMER);
    if (former == null) {
      return;
    }
    if (!former.state().deleted()) {
      ledger.notes().claim(NAME, text(former.state()));
      delete(former, ledger);
    }
    ledger.forgetTombstones(Instant.EPOCH.plusSeconds(1));
  }

  private static String text(DocumentState former) {
    var tables = new HashSet<TableId>();
    for (String column : former.columns().keySet()) {
      if (!column.equals(FORM)) {
        tables.add(TableId.parse(column));
      }
    }
    ColumnVersion form = former.columns().get(FORM);
    return text(form == null ? "" : form.value().asText(), tables);
  }

  /** No other tombstone is as old as this one, which is forgotten at once. */
  private static void delete(StoredDocument former, DocumentLedger ledger) {
    var tombstone = DocumentState.deleted(FORMER, former.state().origin());
    var write =
        new DocumentWrite(
            tombstone, former.revision(), "", "", Rendering.UNKNOWN, Instant.EPOCH, null, null);
    try {
      ledger.commit(LedgerUpdate.of(List.of(write)));
    } catch (ConcurrentUpdateException e) {
      throw new UnavailableException("another process writes to the ledger of this sink", e);
    }
  }
}
