package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.freshet.api.IndexContents.Contents;
import dev.freshet.changeevent.TableId;
import dev.freshet.ledger.TableCoverage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableStatusTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final TableId ORDERS = TableId.parse("public.orders");

  /** Of a table without a configured mapping nobody knows, which is not none. */
  @Test
  void documentsOfFormerMappingsAreToldWhereTheyAreKnown() {
    var contents =
        new Contents(
            List.of(
                new TableCoverage(ORDERS, 5, 0, 0, null, null),
                new TableCoverage(PRODUCTS, 7, 0, 0, null, null)),
            Map.of(PRODUCTS, 9L),
            List.of());

    assertThat(TableStatus.of(contents, Map.of(PRODUCTS, 3L), Set.of()))
        .extracting(TableStatus::table, TableStatus::segments, TableStatus::formerDocuments)
        .containsExactly(tuple("public.orders", 0L, null), tuple("public.products", 9L, 3L));
  }

  @Test
  void aTableThatWantsABackfillIsToldThoughNothingIsStored() {
    var contents =
        new Contents(
            List.of(new TableCoverage(PRODUCTS, 7, 0, 0, null, null)), Map.of(), List.of());

    assertThat(TableStatus.of(contents, Map.of(), Set.of(ORDERS)))
        .extracting(TableStatus::table, TableStatus::documents, TableStatus::backfillOffered)
        .containsExactly(tuple("public.orders", 0L, true), tuple("public.products", 7L, false));
  }
}
