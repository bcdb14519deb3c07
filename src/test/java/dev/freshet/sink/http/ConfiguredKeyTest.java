package dev.freshet.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.hostile.Intake;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A table whose configured key is not its primary key. */
class ConfiguredKeyTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final TableMappings BY_SKU =
      new TableMappings(
          Map.of(
              PRODUCTS,
              new TableMapping(
                  PRODUCTS, List.of("sku"), new ContentTemplate("{sku}"), null, Set.of())));

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static ChangeMessage event(String operation, String before, String after, long lsn) {
    String body =
        """
        {"before":%s,"after":%s,"op":"%s","source":{"connector":"postgresql","name":"db",
         "db":"shop","schema":"public","table":"products","txId":7,"lsn":%d,"snapshot":"false",
         "sequence":"[\\"%d\\",\\"%d\\"]"}}
        """
            .formatted(before, after, operation, lsn, lsn - 1, lsn);
    return new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static String row(String sku) {
    return "{\"id\":1,\"sku\":\"%s\"}".formatted(sku);
  }

  private List<String> documents() {
    return fixture.ledger.documentsOf(PRODUCTS).stream().map(id -> id.joinedKey()).toList();
  }

  @Test
  void anUpdateThatTellsTheFormerKeyMovesTheDocument() {
    try (var intake = new Intake(fixture.sink, fixture.ledger, BY_SKU)) {
      intake.settle(List.of(event("c", "null", row("A-1"), 100)));
      assertThat(intake.settle(List.of(event("u", row("A-1"), row("A-2"), 110)))).isEmpty();

      assertThat(documents()).containsExactly("A-2");
      assertThat(fixture.calls()).contains("DELETE /delete/A-1");
      assertThat(intake.keys().gaps()).isEmpty();
    }
  }

  @Test
  void anUpdateThatDoesNotTellItIsTold() {
    try (var intake = new Intake(fixture.sink, fixture.ledger, BY_SKU)) {
      intake.settle(List.of(event("c", "null", row("A-1"), 100)));
      intake.settle(List.of(event("u", "null", row("A-1"), 105)));
      assertThat(intake.keys().gaps()).isEmpty();

      intake.settle(List.of(event("u", "null", row("A-2"), 110)));

      assertThat(intake.keys().gaps().get(PRODUCTS))
          .contains("sku", "ALTER TABLE public.products REPLICA IDENTITY FULL");
    }
  }

  @Test
  void aRowBeforeWithTheIdentitysColumnsOnlyTellsNoKey() {
    try (var intake = new Intake(fixture.sink, fixture.ledger, BY_SKU)) {
      intake.settle(List.of(event("c", "null", row("A-1"), 100)));
      var before = "{\"id\":1,\"sku\":null}";
      assertThat(intake.settle(List.of(event("u", before, row("A-1"), 110)))).isEmpty();
      assertThat(documents()).containsExactly("A-1");
    }
  }
}
