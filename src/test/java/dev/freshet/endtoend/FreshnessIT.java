package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.endtoend.ReadYourWrites.Token;
import dev.freshet.support.FreshetServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The short form of {@link FreshnessCampaign}: who asks with a token finds what it wrote. */
class FreshnessIT {

  private static final int RATE = 500;
  private static final int ROUNDS = 100;

  /** The same rounds without a token miss rows, or the load would prove nothing. */
  @Test
  void underLoadWhoSearchesWithTheTokenOfItsCommitFindsItsRow() throws Exception {
    try (var shop = new CapturedShop(100);
        var freshet = shop.start();
        var writers = new Writers(shop.source(), RATE, new ShopTraffic(shop.products()))) {
      assertThat(rounds(shop, freshet, Token.NONE, 10)).isNotEmpty();
      List<String> findings = rounds(shop, freshet, Token.LSN, ROUNDS);
      writers.requireHealthy();
      shop.requireHealthy();
      assertThat(findings).isEqualTo(List.of());
    }
  }

  /** The store commits late; the rounds that find nothing wrong elsewhere have to notice. */
  @Test
  void aWatermarkThatIsToldTooEarlyIsFoundOut() throws Exception {
    try (var shop = new CapturedShop(1);
        var freshet = shop.start(Map.of(LateCommits.PROPERTY, true))) {
      assertThat(rounds(shop, freshet, Token.LSN_AND_NUDGE, 10))
          .anySatisfy(finding -> assertThat(finding).contains(" without ", "status=200"));
    }
  }

  @Test
  void onAQuietSourceAMessageInTheLogEndsTheWait() throws Exception {
    try (var shop = new CapturedShop(1);
        var freshet = shop.start()) {
      assertThat(rounds(shop, freshet, Token.LSN_AND_NUDGE, 10)).isEqualTo(List.of());
    }
  }

  /** Nobody writes but the application: without the connection the waits end late. */
  @Test
  void onAQuietSourceAConnectionToItEndsTheWait() throws Exception {
    try (var shop = new CapturedShop(1);
        var freshet = shop.start(Map.of("freshet.source.url", shop.source().jdbcUrl()))) {
      assertThat(rounds(shop, freshet, Token.LSN, 10)).isEqualTo(List.of());
      var sent = freshet.bean(MeterRegistry.class).get("freshet.source.nudges");
      assertThat(sent.tag("outcome", "sent").counter().count()).isPositive();
    }
  }

  @Test
  void aDeadLetterDoesNotStopTheWatermarkAndIsListedBesideIt() throws Exception {
    try (var shop = new CapturedShop(1);
        var freshet = shop.start(Map.of("freshet.indexing.max-document-size", "10KB"))) {
      shop.source()
          .execute("INSERT INTO products VALUES (7, 'Huge', repeat('word ', 10000), 1, 1)");
      assertThat(rounds(shop, freshet, Token.LSN_AND_NUDGE, 5)).isEqualTo(List.of());

      // Until the next count, one that fails while it is counted may be counted twice.
      await()
          .untilAsserted(
              () -> {
                var block = freshet.get("/search?q=anything").json().path("freshness");
                assertThat(block.path("failedDocuments").asInt()).isEqualTo(1);
                assertThat(block.path("exact").asBoolean()).isTrue();
              });
      var except = freshet.get("/freshness").json().at("/watermark/except");
      assertThat(except).hasSize(1);
      assertThat(except.at("/0/documentId").asText()).isEqualTo("public.products/7");
      assertThat(except.at("/0/reason").asText()).isEqualTo("too-large");
    }
  }

  /** They cannot know what the other one holds, but each document is exact. */
  @Test
  void twoInstancesSayThatTheirWatermarkIsNotExactAndAnswerExactlyForDocuments() throws Exception {
    try (var shop = new CapturedShop(40);
        var one = shop.start();
        var other = FreshetServer.start(shop.properties())) {
      await().until(() -> shop.queue().consumers() == 2);
      try (var writers =
          new Writers(shop.source(), 50, ProductChanges.UNCHANGED_TEXT.over(shop.products()))) {
        for (FreshetServer instance : List.of(one, other)) {
          await().until(() -> !isExact(instance));
          assertThat(rounds(shop, instance, Token.TRANSACTION, 8)).isEqualTo(List.of());
        }
        writers.requireHealthy();
      }
    }
  }

  @Test
  void soDoesWhoSearchesWhereTheLogIsReadWithoutABroker() throws Exception {
    try (var shop = new CapturedShop(100);
        var freshet = shop.startOnTheLog();
        var writers = new Writers(shop.source(), RATE, new ShopTraffic(shop.products()))) {
      assertThat(rounds(shop, freshet, Token.NONE, 10)).isNotEmpty();
      List<String> findings = rounds(shop, freshet, Token.LSN, ROUNDS / 2);
      writers.requireHealthy();
      assertThat(findings).isEqualTo(List.of());
    }
  }

  private static boolean isExact(FreshetServer freshet) {
    return freshet.get("/search?q=anything").json().at("/freshness/exact").asBoolean();
  }

  private static List<String> rounds(
      CapturedShop shop, FreshetServer freshet, Token token, int rounds) throws Exception {
    try (var application = new ReadYourWrites(shop.source(), freshet::get, token)) {
      for (int round = 0; round < rounds; round++) {
        application.round();
      }
      return application.findings();
    }
  }
}
