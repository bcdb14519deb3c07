package dev.freshet.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import dev.freshet.document.Rendering;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.TableCoverage;
import dev.freshet.store.lucene.LuceneIndexStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in which an earlier version kept its note as a document. */
class EarlierServiceNoteTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final TableId NOTES = new TableId("freshet", "llamaindex-service");
  private static final DocumentId NOTE = new DocumentId(NOTES, List.of("note"));
  private static final ArrivalPosition POSITION = new ArrivalPosition(0);

  @TempDir Path folder;
  private final HttpSinkFixture fixture = new HttpSinkFixture();
  private DocumentLedger ledger;

  @BeforeEach
  void open() throws Exception {
    ledger = LuceneIndexStore.openLedger(folder);
    var columns = new LinkedHashMap<String, ColumnVersion>();
    columns.put("document-id", column(TextNode.valueOf("table-key")));
    columns.put("public.products", column(BooleanNode.TRUE));
    var tombstone = new DocumentId(PRODUCTS, List.of("1"));
    ledger.commit(
        LedgerUpdate.of(
            List.of(
                write(DocumentState.present(NOTE, origin(), columns)),
                write(DocumentState.deleted(tombstone, origin())))));
    assertThat(ledger.coverage()).extracting(TableCoverage::table).contains(NOTES);
  }

  @AfterEach
  void close() {
    fixture.close();
    ledger.close();
  }

  private static ColumnVersion column(JsonNode value) {
    return new ColumnVersion(value, POSITION);
  }

  private static Origin origin() {
    return new Origin(POSITION, null, null, null, HttpSinkFixture.NOW);
  }

  private static DocumentWrite write(DocumentState state) {
    return new DocumentWrite(state, 0, "", "", Rendering.UNKNOWN, HttpSinkFixture.NOW, null, null);
  }

  private HttpIndexSink sink(DocumentIdForm form) {
    return new HttpIndexSink(
        fixture.client(Duration.ofSeconds(10)), ledger, form, true, 8, HttpSinkFixture.CLOCK);
  }

  private void reopen() {
    ledger.close();
    ledger = LuceneIndexStore.openLedger(folder);
  }

  @Test
  void theDocumentBecomesANoteAndIsNotSeenAgain() {
    sink(DocumentIdForm.TABLE_KEY);
    reopen();
    assertThat(ServiceNote.read(ledger.notes(), DocumentIdForm.TABLE_KEY).tables())
        .containsExactly(PRODUCTS);
    assertThat(ledger.coverage()).extracting(TableCoverage::table).containsExactly(PRODUCTS);
    assertThat(ledger.read(Set.of(NOTE), Set.of(NOTES)).documents()).isEmpty();
    assertThat(ledger.read(Set.of(NOTE), Set.of(NOTES)).truncations()).isEmpty();
    assertThat(ledger.coverage().get(0).deleted()).isEqualTo(1);
  }

  @Test
  void aNoteThatIsThereAlreadyStays() {
    var newer = new ServiceNote(DocumentIdForm.TABLE_KEY, Set.of(TableId.parse("public.newer")));
    newer.write(ledger.notes());
    sink(DocumentIdForm.TABLE_KEY);
    assertThat(ServiceNote.read(ledger.notes(), DocumentIdForm.TABLE_KEY)).isEqualTo(newer);
  }

  @Test
  void idsOfAnotherFormAreStillRefused() {
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> sink(DocumentIdForm.KEY))
          .withMessageContaining("freshet.llama.document-id=key");
    }
  }

  /** What a crash between the two commits leaves. */
  @Test
  void aTombstoneOfTheDocumentIsForgottenAtTheNextStart() throws Exception {
    new ServiceNote(DocumentIdForm.TABLE_KEY, Set.of(PRODUCTS)).write(ledger.notes());
    var tombstone = DocumentState.deleted(NOTE, origin());
    ledger.commit(
        LedgerUpdate.of(
            List.of(
                new DocumentWrite(
                    tombstone, 1, "", "", Rendering.UNKNOWN, Instant.EPOCH, null, null))));
    sink(DocumentIdForm.TABLE_KEY);
    assertThat(ledger.coverage()).extracting(TableCoverage::table).containsExactly(PRODUCTS);
    assertThat(Map.copyOf(ledger.read(Set.of(NOTE), Set.of()).documents())).isEmpty();
  }
}
