package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the ledger remembers of the service as a whole. It is kept as the state of a document of a
 * table that no source has, so that it is committed together with the documents it speaks of.
 *
 * @param form under which ids the service knows the documents
 * @param tables those of which documents were sent
 * @param revision that of the ledger; 0 when nothing is noted yet
 */
record ServiceNote(DocumentIdForm form, Set<TableId> tables, long revision) {

  /** Where the note stands in the ledger. */
  static final DocumentId ID = new DocumentId(DocumentLedger.NOTES, List.of("note"));

  private static final String FORM = "document-id";
  private static final ArrivalPosition POSITION = new ArrivalPosition(0);

  ServiceNote {
    tables = Set.copyOf(tables);
  }

  /**
   * Reads the note.
   *
   * @param stored has what is stored of {@link #ID}
   * @throws UnavailableException when the documents were sent under ids of another form; the ledger
   *     and the service have to start anew together
   */
  static ServiceNote read(LedgerView stored, DocumentIdForm form) {
    StoredDocument note = stored.documents().get(ID);
    if (note == null) {
      return new ServiceNote(form, Set.of(), 0);
    }
    Map<String, ColumnVersion> columns = note.state().columns();
    ColumnVersion noted = columns.get(FORM);
    if (noted == null || !form.label().equals(noted.value().asText())) {
      throw new UnavailableException(
          "the LlamaIndex service has documents under ids of another form than"
              + " freshet.llama.document-id="
              + form.label()
              + "; set it back, or empty the service's index and the ledger and take a snapshot");
    }
    Set<TableId> tables =
        columns.keySet().stream()
            .filter(name -> !FORM.equals(name))
            .map(TableId::parse)
            .collect(Collectors.toSet());
    return new ServiceNote(form, tables, note.revision());
  }

  /** The note with more tables, to be written; nothing when it has them. */
  List<DocumentWrite> writeWith(Set<TableId> more, Instant now) {
    var all = new TreeSet<>(tables);
    all.addAll(more);
    return all.equals(tables)
        ? List.of()
        : List.of(new ServiceNote(form, all, revision).write(now));
  }

  private DocumentWrite write(Instant now) {
    var columns = new LinkedHashMap<String, ColumnVersion>();
    columns.put(FORM, column(TextNode.valueOf(form.label())));
    new TreeSet<>(tables).forEach(table -> columns.put(table.toString(), column(BooleanNode.TRUE)));
    var state = DocumentState.present(ID, new Origin(POSITION, null, null, null, now), columns);
    return new DocumentWrite(state, revision, "", "", now, null, null);
  }

  private static ColumnVersion column(JsonNode value) {
    return new ColumnVersion(value, POSITION);
  }
}
