package dev.freshet.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.FormerKey;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMapping;
import dev.freshet.support.InMemoryLedger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyCoverageTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final TableId ODD = new TableId("Shop", "Odd \"name\"");

  private final KeyCoverage keys = new KeyCoverage(new InMemoryLedger());

  private static Upsert upsert(TableId table, String key, String value, FormerKey formerKey) {
    return new Upsert(
        DocumentId.of(table, value),
        new TableMapping(table, List.of(key), new ContentTemplate("{" + key + "}"), null, Set.of()),
        Row.of(Map.of(key, TextNode.valueOf(value))),
        null,
        formerKey,
        new Origin(new ArrivalPosition(1), null, null, null, Instant.EPOCH));
  }

  @Test
  void anUpdateOfAnUnknownRowWithoutTheOneBeforeIsTold() {
    keys.look(List.of(upsert(PRODUCTS, "sku", "A-2", FormerKey.UNTOLD)));
    assertThat(keys.gaps().get(PRODUCTS))
        .contains("sku", "public.products", "ALTER TABLE public.products REPLICA IDENTITY FULL");
  }

  @Test
  void anInsertAndAnUpdateThatTellsTheRowBeforeAreNot() {
    keys.look(List.of(upsert(PRODUCTS, "sku", "A-2", FormerKey.TOLD)));
    assertThat(keys.gaps()).isEmpty();
  }

  @Test
  void anUpdateBehindItsOwnInsertIsNot() {
    keys.look(
        List.of(
            upsert(PRODUCTS, "sku", "A-2", FormerKey.TOLD),
            upsert(PRODUCTS, "sku", "A-2", FormerKey.UNTOLD)));
    assertThat(keys.gaps()).isEmpty();
  }

  @Test
  void theUsualKeyIsBelieved() {
    keys.look(List.of(upsert(PRODUCTS, "id", "1", FormerKey.UNTOLD)));
    assertThat(keys.gaps()).isEmpty();
  }

  @Test
  void whatTheSourceSaysCountsMore() {
    keys.covered(PRODUCTS);
    keys.look(List.of(upsert(PRODUCTS, "sku", "A-2", FormerKey.UNTOLD)));
    assertThat(keys.gaps()).isEmpty();
  }

  @Test
  void theStatementQuotesWhatHasToBe() {
    keys.uncovered(ODD, List.of("sku"), "x");
    assertThat(keys.gaps().get(ODD)).contains("ALTER TABLE \"Shop\".\"Odd \"\"name\"\"\" REPLICA");
  }
}
