package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.api.problem.ProblemException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class KnownTablesTest {

  private static KnownTables tables(TableMapping... mappings) {
    var byTable = new HashMap<TableId, TableMapping>();
    List.of(mappings).forEach(mapping -> byTable.put(mapping.table(), mapping));
    return new KnownTables(
        new TableMappings(Map.copyOf(byTable)),
        new IndexContents(new FakeLedger(), null, Clock.systemUTC(), ForkJoinPool.commonPool()));
  }

  private static TableMapping mapping(String table) {
    return new TableMapping(
        TableId.parse(table), List.of("id"), new ContentTemplate("{title}"), null, Set.of());
  }

  @Test
  void anUnknownTableIsToldWithTheNearestOne() {
    KnownTables tables = tables(mapping("public.products"), mapping("shop.orders"));

    assertThatThrownBy(() -> tables.require(TableId.parse("public.product")))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("'public.product' is not mapped")
        .hasMessageContaining("did you mean 'public.products'?");
  }

  @Test
  void aMappedTableIsKnown() {
    assertThatCode(
            () -> tables(mapping("public.products")).require(TableId.parse("public.products")))
        .doesNotThrowAnyException();
  }

  @Test
  void anyTableMayComeWhereNothingIsMappedAndNothingIsIndexedYet() {
    assertThatCode(() -> tables().require(TableId.parse("public.products")))
        .doesNotThrowAnyException();
  }
}
