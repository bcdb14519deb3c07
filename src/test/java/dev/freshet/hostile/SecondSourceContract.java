package dev.freshet.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.IndexSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Two databases on one exchange: the first that comes owns the index, and the other one changes
 * nothing. Each sink runs it.
 */
public abstract class SecondSourceContract {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final long RECENT = 1_795_195_000_000L;

  /** The ledger under test, empty at the start of each test. */
  protected abstract DocumentLedger ledger();

  /** A sink over the ledger; closed with it. */
  protected abstract IndexSink sink();

  private static ChangeMessage event(
      String operation, String source, int id, String title, long lsn) {
    boolean deletion = operation.equals("d");
    String row = "{\"id\":%d,\"title\":\"%s\",\"description\":\"\"}".formatted(id, title);
    return message(
        "public.products",
        """
        {"before":%s,"after":%s,"op":"%s","ts_ms":%d,"source":{"connector":"postgresql"%s,
         "schema":"public","table":"products","txId":1,"lsn":%d,"snapshot":"false","ts_ms":%d,
         "sequence":"[\\"%d\\",\\"%d\\"]"}}
        """
            .formatted(
                deletion ? "{\"id\":%d}".formatted(id) : "null",
                deletion ? "null" : row,
                operation,
                RECENT,
                source,
                lsn,
                RECENT,
                lsn - 1,
                lsn));
  }

  private static String named(String source) {
    return ",\"name\":\"%s\",\"db\":\"%s_data\"".formatted(source, source);
  }

  private static ChangeMessage change(String operation, String source, int id, long lsn) {
    return event(operation, named(source), id, source + id, lsn);
  }

  private static ChangeMessage truncate(String source, long lsn) {
    var message = event("t", named(source), 0, "", lsn);
    return new ChangeMessage(message.routingKey(), Map.of(), message.body());
  }

  private static ChangeMessage message(String routingKey, String body) {
    return new ChangeMessage(routingKey, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static ChangeMessage end(String source, long lsn) {
    return message(
        source + ".transaction",
        """
        {"status":"END","id":"9:%d","event_count":1,"data_collections":[],"ts_ms":%d}
        """
            .formatted(lsn, RECENT));
  }

  private static ChangeMessage logical(String source, long lsn) {
    return message(
        source + ".message",
        """
        {"op":"m","ts_ms":%d,"source":{"connector":"postgresql"%s,"txId":1,"lsn":%d,"ts_ms":%d,
         "snapshot":"false","sequence":"[\\"%d\\",\\"%d\\"]"},
         "message":{"prefix":"x","content":""}}
        """
            .formatted(RECENT, named(source), lsn, RECENT, lsn - 1, lsn));
  }

  private static List<ChangeMessage> sequence() {
    return List.of(
        change("c", "a", 1, 90_000),
        change("c", "b", 1, 100),
        change("c", "b", 2, 110),
        change("c", "b", 3, 95_000),
        change("c", "a", 3, 91_000),
        change("c", "b", 5, 130),
        change("d", "a", 5, 99_000));
  }

  private Optional<StoredDocument> stored(int id) {
    DocumentId document = DocumentId.of(PRODUCTS, String.valueOf(id));
    return Optional.ofNullable(ledger().read(Set.of(document), Set.of()).documents().get(document));
  }

  private Optional<String> title(int id) {
    return stored(id)
        .filter(document -> !document.state().deleted())
        .map(document -> document.state().columns().get("title").value().asText());
  }

  /** The watermark is told a moment after the last message was put away. */
  private static void reaches(Intake intake, long lsn) {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        Optional.ofNullable(intake.watermark().watermark())
                            .map(known -> known.position().lsn()))
                    .contains(new Lsn(lsn)));
  }

  private static void foreign(List<GivenUp> letters, int count) {
    assertThat(letters)
        .hasSize(count)
        .allSatisfy(
            letter -> {
              assertThat(letter.rejection().reason()).isEqualTo(RejectionReason.OTHER_SOURCE);
              assertThat(letter.rejection().detail())
                  .contains("b/b_data", "a/a_data", "queue", "freshet.source-epoch");
            });
  }

  @Test
  void theSecondSourceChangesNothing() {
    try (var intake = new Intake(sink(), ledger())) {
      foreign(intake.settle(sequence()), 4);

      assertThat(title(1)).contains("a1");
      assertThat(title(2)).isEmpty();
      assertThat(title(3)).contains("a3");
      assertThat(title(5)).isEmpty();
      reaches(intake, 99_000);
      assertThat(intake.watermark().obstacle()).isNull();
      assertThat(ledger().failures().count()).isZero();
      assertThat(intake.sources().others())
          .singleElement()
          .satisfies(
              other -> {
                assertThat(other.source()).isEqualTo(new SourceName("b", "b_data"));
                assertThat(other.changes()).isEqualTo(4);
              });
    }
  }

  @Test
  void itsTruncationsDeletesAndMarkersChangeNothing() {
    try (var intake = new Intake(sink(), ledger())) {
      List<GivenUp> letters =
          intake.settle(
              List.of(
                  change("c", "a", 1, 1_000),
                  change("d", "b", 1, 50_000),
                  truncate("b", 50_001),
                  end("b", 50_002),
                  logical("b", 50_003),
                  message("__debezium-heartbeat.b", "{\"ts_ms\":%d}".formatted(RECENT)),
                  change("u", "a", 1, 1_100)));

      foreign(letters, 2);
      assertThat(title(1)).contains("a1");
      assertThat(ledger().read(Set.of(), Set.of(PRODUCTS)).truncations()).isEmpty();
      reaches(intake, 1_100);
      intake.settle(List.of(end("a", 1_200)));
      reaches(intake, 1_200);
      intake.settle(List.of(logical("a", 1_300)));
      reaches(intake, 1_300);
    }
  }

  @Test
  void theOwnerIsRememberedAcrossARestart() {
    try (var intake = new Intake(sink(), ledger())) {
      intake.settle(List.of(change("c", "a", 1, 1_000)));
    }
    try (var restarted = new Intake(sink(), ledger())) {
      foreign(restarted.settle(List.of(change("c", "b", 1, 2_000))), 1);
      assertThat(restarted.settle(List.of(change("u", "a", 1, 1_100)))).isEmpty();
      assertThat(title(1)).contains("a1");
    }
  }

  @Test
  void anEventWithoutASourceIsTheOwnersAndProvesNothing() {
    try (var intake = new Intake(sink(), ledger())) {
      var byHand =
          message(
              "public.products",
              """
              {"op":"c","after":{"id":42,"title":"by hand","description":""},
               "source":{"schema":"public","table":"products","txId":742}}
              """);
      assertThat(intake.settle(List.of(byHand))).isEmpty();
      assertThat(intake.settle(List.of(change("c", "a", 1, 1_000), byHand))).isEmpty();
      assertThat(intake.settle(List.of(event("c", "", 7, "with a position", 1L << 40)))).isEmpty();
      assertThat(intake.settle(List.of(change("c", "a", 2, 1_100)))).isEmpty();

      assertThat(title(42)).contains("by hand");
      assertThat(title(7)).contains("with a position");
      reaches(intake, 1_100);
      assertThat(intake.watermark().obstacle()).isNull();
    }
  }
}
