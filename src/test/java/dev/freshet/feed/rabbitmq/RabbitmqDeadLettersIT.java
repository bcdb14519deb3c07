package dev.freshet.feed.rabbitmq;

import static dev.freshet.feed.rabbitmq.TestBroker.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.freshet.UnavailableException;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.DeadLettersContract;
import dev.freshet.feed.FeedReading;
import dev.freshet.support.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RabbitmqDeadLettersIT extends DeadLettersContract {

  private final TestBroker broker = new TestBroker();
  private final RabbitmqConfiguration names = broker.configuration();
  private final RabbitmqDeadLetters deadLetters =
      new RabbitmqDeadLetters(TestBroker.settings(), names, Clock.systemUTC());

  RabbitmqDeadLettersIT() throws Exception {}

  @Override
  protected ChangeFeed createFeed() throws Exception {
    return broker.feed();
  }

  @Override
  protected DeadLetters deadLetters() {
    return deadLetters;
  }

  @AfterEach
  void deleteNames() throws Exception {
    deadLetters.close();
    feed().close();
    broker.close();
  }

  private void put(BasicProperties properties, String... bodies) throws Exception {
    for (String body : bodies) {
      broker
          .channel()
          .basicPublish(
              names.deadLetterExchange(),
              names.deadLetterRoutingKey(),
              properties,
              body.getBytes(StandardCharsets.UTF_8));
    }
    await().until(() -> deadLetters.count() >= bodies.length);
  }

  @Test
  void aMessageThatRabbitmqItselfPutThereTellsWhatItsDeathsSay() throws Exception {
    Instant before = Instant.now();
    broker.channel().queueDeclarePassive(names.queue());
    feed().stopReceiving();
    broker.send(KEY + ".eu", Map.of("h", "1"), "former");
    await().until(() -> broker.waiting(names.queue()) == 1);
    GetResponse taken = broker.channel().basicGet(names.queue(), false);
    broker.channel().basicReject(taken.getEnvelope().getDeliveryTag(), false);
    await().until(() -> deadLetters.count() == 1);

    DeadLetter letter = look(1).get(0);

    assertThat(letter.reason()).isEqualTo("rejected");
    assertThat(letter.detail()).contains("a consumer rejected it from queue " + names.queue());
    assertThat(letter.message().routingKey()).isEqualTo(KEY + ".eu");
    assertThat(letter.failedAt())
        .isBetween(before.minus(Duration.ofSeconds(2)), before.plus(Duration.ofSeconds(20)));
    assertThat(letter.receivedAt()).isBefore(before.plus(Duration.ofSeconds(20)));
  }

  @Test
  void messagesWithoutAnIdHaveStableOnes() throws Exception {
    put(new BasicProperties(), "a", "b", "a", "a");

    List<String> first = ids(look(4));

    assertThat(ids(look(4))).isEqualTo(first).doesNotHaveDuplicates();
    assertThat(look(1).get(0).reason()).isEqualTo(DeadLetter.UNKNOWN);
    assertThat(first.get(2)).isEqualTo(first.get(0) + "-2");
  }

  /** Whoever publishes to the dead-letter exchange may write any id. */
  @Test
  void forgedIdsStayApartAndEachNamesItsLetter() throws Exception {
    String tooLong = "x".repeat(30_000);
    for (String id : List.of("a", "a", "a-2", "a", tooLong, tooLong + "y", "../../health")) {
      put(
          new BasicProperties.Builder().headers(Map.of("x-freshet-id", id)).build(),
          "of " + id.length());
    }

    List<DeadLetter> letters = look(7);
    List<String> ids = letters.stream().map(DeadLetter::id).toList();
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[A-Za-z0-9-]{1,40}"));
    try (DeadLetterBrowser held = deadLetters.open()) {
      for (DeadLetter letter : letters) {
        DeadLetter again = held.next().orElseThrow();
        assertThat(again.id()).isEqualTo(letter.id());
        held.remove(again);
      }
    }
    assertThat(deadLetters.count()).isZero();
  }

  @Test
  void aLetterThatIsPassedGoesBackToItsPlace() throws Exception {
    put(new BasicProperties(), "a", "b", "c");
    try (DeadLetterBrowser held = deadLetters.open()) {
      held.pass(held.next().orElseThrow());
      held.remove(held.next().orElseThrow());
    }
    assertThat(look(2))
        .extracting(letter -> new String(letter.message().body(), StandardCharsets.UTF_8))
        .containsExactly("a", "c");
  }

  @Test
  void timesInWholeSecondsKeepTheOrderOfTheQueue() throws Exception {
    var second =
        new BasicProperties.Builder().timestamp(Date.from(Instant.ofEpochSecond(1_700_000_000L)));
    put(second.build(), "a", "b", "c");

    List<Instant> times = look(3).stream().map(DeadLetter::receivedAt).toList();

    assertThat(times).isSorted().doesNotHaveDuplicates();
    assertThat(times).allMatch(time -> time.getEpochSecond() == 1_700_000_000L);
  }

  @Test
  void aThousandMessagesKeepTheirPlacesWhenTheConnectionIsCutWhileTheyAreInHand() throws Exception {
    String[] bodies = IntStream.range(0, 1_000).mapToObj("m%d"::formatted).toArray(String[]::new);
    put(new BasicProperties(), bodies);
    try (TcpProxy proxy = TestBroker.proxy()) {
      var cut = new RabbitmqDeadLetters(TestBroker.settings(proxy), names, Clock.systemUTC());
      DeadLetterBrowser held = cut.open();
      for (int i = 0; i < 700; i++) {
        assertThat(held.next()).isPresent();
      }
      proxy.refuse();
      proxy.cut();
      assertThatThrownBy(held::next).isInstanceOf(UnavailableException.class);
      held.close();
      cut.close();
    }

    await().untilAsserted(() -> assertThat(deadLetters.count()).isEqualTo(1_000));
    assertThat(broker.drain(names.deadLetterQueue()))
        .extracting(TestBroker::body)
        .containsExactly(bodies);
  }

  @Test
  void afterALostConnectionTheNextLookHasAnother() throws Exception {
    put(new BasicProperties(), "a");
    try (TcpProxy proxy = TestBroker.proxy()) {
      var letters = new RabbitmqDeadLetters(TestBroker.settings(proxy), names, Clock.systemUTC());
      assertThat(letters.count()).isEqualTo(1);
      proxy.refuse();
      proxy.cut();
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(letters::count)
                      .isInstanceOf(UnavailableException.class)
                      .hasMessageContaining("dead-letter queue"));
      proxy.resume();
      assertThat(letters.count()).isEqualTo(1);
      letters.close();
    }
  }

  @Test
  void aDeadLetterThatIsPutBackOnTheQueueKeepsItsTimeOfArrival() throws Exception {
    deadLetter("again");
    DeadLetter letter = look(1).get(0);
    GetResponse shovelled = broker.drain(names.deadLetterQueue()).get(0);

    broker.send(KEY, shovelled.getProps().getHeaders(), "again");

    assertThat(FeedReading.takeAll(feed(), 1).get(0).receivedAt()).isEqualTo(letter.receivedAt());
  }
}
