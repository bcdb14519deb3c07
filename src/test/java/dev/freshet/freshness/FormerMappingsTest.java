package dev.freshet.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.support.InMemoryLedger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FormerMappingsTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final String DEFAULT = "Title: {title}\n\n{description}";

  private final InMemoryLedger ledger = new InMemoryLedger();

  private static TableMappings mappings(String template) {
    return new TableMappings(
        Map.of(
            PRODUCTS,
            new TableMapping(
                PRODUCTS, List.of("id"), new ContentTemplate(template), null, Set.of())));
  }

  private Set<TableId> started(TableMappings mappings) {
    var former = new FormerMappings(ledger, mappings);
    former.check();
    return former.tables();
  }

  private void indexed() throws ConcurrentUpdateException {
    var origin = new Origin(new ArrivalPosition(1), null, null, null, Instant.EPOCH);
    var state = DocumentState.present(DocumentId.of(PRODUCTS, "1"), origin, Map.of());
    ledger.commit(
        LedgerUpdate.of(List.of(new DocumentWrite(state, 0, "", "", Instant.EPOCH, null, null))));
  }

  @Test
  void aChangedTemplateIsNoticedAtEachStart() throws Exception {
    assertThat(started(mappings("{title}"))).isEmpty();
    indexed();
    assertThat(started(mappings("{title}"))).isEmpty();
    assertThat(started(mappings("{title} {price}"))).containsExactly(PRODUCTS);
    assertThat(started(mappings("{title} {price}"))).containsExactly(PRODUCTS);
  }

  @Test
  void whoeverChangesItBackHasDocumentsOfTheOneBetween() throws Exception {
    started(mappings("{title}"));
    indexed();
    started(mappings("{title} {price}"));
    assertThat(started(mappings("{title}"))).containsExactly(PRODUCTS);
  }

  @Test
  void theDefaultMappingIsAFormerOneToo() throws Exception {
    started(new TableMappings(Map.of()));
    indexed();
    assertThat(started(mappings(DEFAULT))).isEmpty();
    assertThat(started(mappings("{title}"))).containsExactly(PRODUCTS);
  }

  @Test
  void withoutDocumentsNothingIsOfAFormerMapping() throws Exception {
    started(mappings("{title}"));
    assertThat(started(mappings("{title} {price}"))).isEmpty();
    indexed();
    assertThat(started(mappings("{title} {price}"))).isEmpty();
  }
}
