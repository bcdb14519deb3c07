package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Departures.Account;
import dev.freshet.feed.Loss;
import dev.freshet.feed.Rejection;
import dev.freshet.support.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaves the queue by the broker's own hand. */
class DeparturesIT {

  private static final String KEY = TestBroker.KEY;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TestBroker broker = new TestBroker();
  private final List<DeadLetter> recorded = new ArrayList<>();

  DeparturesIT() throws Exception {}

  @AfterEach
  void deleteNames() throws Exception {
    broker.close();
  }

  private RabbitmqFeed start() throws Exception {
    RabbitmqFeed feed = broker.feed();
    feed.start();
    await().until(() -> feed.status().connected());
    return feed;
  }

  private Account account(RabbitmqFeed feed) {
    return feed.departures().account(recorded::add);
  }

  private List<String> bodies() {
    return recorded.stream()
        .map(letter -> new String(letter.message().body(), StandardCharsets.UTF_8))
        .toList();
  }

  private void sendThatExpires(String... bodies) throws Exception {
    var properties = new BasicProperties.Builder().expiration("1").deliveryMode(2).build();
    for (String body : bodies) {
      broker
          .channel()
          .basicPublish(
              broker.configuration().exchange(),
              KEY,
              properties,
              body.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void whatExpiresIsHandedOverOnceWithItsReason() throws Exception {
    try (RabbitmqFeed feed = start()) {
      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
      feed.pause();
      sendThatExpires("a", "b");
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 2);

      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
      assertThat(bodies()).containsExactly("a", "b");
      assertThat(recorded).extracting(DeadLetter::reason).containsOnly("expired");
      assertThat(recorded.get(0).detail()).contains("time to live");
      account(feed);
      assertThat(recorded).hasSize(2);
    }
  }

  @Test
  void whatAFullQueueDropsIsHandedOverWithItsReason() throws Exception {
    Map<String, Object> arguments = new HashMap<>(broker.configuration().allQueueArguments());
    arguments.put("x-max-length", 2);
    broker.channel().queueDeclare(broker.configuration().queue(), true, false, false, arguments);
    try (RabbitmqFeed feed = start()) {
      account(feed);
      feed.pause();
      broker.send(KEY, "a", "b", "c");
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 1);

      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
      assertThat(bodies()).containsExactly("a");
      assertThat(recorded).extracting(DeadLetter::reason).containsExactly("max-length");
      assertThat(recorded.get(0).detail()).contains("full");
    }
  }

  @Test
  void whatIsNotRecordedIsHandedOverAgainAlsoToTheNextProcess() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      feed.pause();
      sendThatExpires("a", "b");
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 2);
      var fault = new UnavailableException("the ledger is down");
      for (int i = 0; i < 2; i++) {
        Assertions.assertThatThrownBy(
                () ->
                    feed.departures()
                        .account(
                            letter -> {
                              throw fault;
                            }))
            .isSameAs(fault);
      }
    }
    try (RabbitmqFeed next = start()) {
      account(next);
      assertThat(bodies()).containsExactly("a", "b");
    }
  }

  @Test
  void whatExpiredBeforeTheWatchBeganIsFoundInTheDeadLetterQueueAndStaysThere() throws Exception {
    try (RabbitmqFeed feed = start()) {
      feed.pause();
      sendThatExpires("a");
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 1);
      account(feed);
      assertThat(bodies()).containsExactly("a");
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 1);
    }
  }

  @Test
  void whatFreshetPutsAwayIsNotHandedOver() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      broker.send(KEY, "faulty");
      Delivery taken = feed.take(1, PATIENCE).get(0);
      feed.deadLetter(
          taken, new Rejection(RejectionReason.MISSING_KEY, "no key", Instant.now(), 0));
      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
      assertThat(recorded).isEmpty();
    }
  }

  /** Its headers say why it was put away before, and not this time. */
  @Test
  void aDeadLetterThatIsPutBackAndExpiresIsHandedOver() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      broker.send(KEY, "faulty");
      Delivery taken = feed.take(1, PATIENCE).get(0);
      feed.deadLetter(
          taken, new Rejection(RejectionReason.MISSING_KEY, "no key", Instant.now(), 0));
      feed.pause();
      var letter = broker.drain(broker.configuration().deadLetterQueue()).get(0);
      broker
          .channel()
          .basicPublish(
              broker.configuration().exchange(),
              KEY,
              letter.getProps().builder().expiration("1").build(),
              letter.getBody());
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 1);
      account(feed);
      assertThat(recorded).extracting(DeadLetter::reason).containsExactly("expired");
    }
  }

  @Test
  void aPurgeIsNoticedAndCountsAsALoss() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      feed.pause();
      broker.send(KEY, "a", "b", "c");
      await().until(() -> broker.waiting(broker.configuration().queue()) == 3);
      feed.backlog();
      broker.channel().queuePurge(broker.configuration().queue());
      feed.backlog();
      assertThat(account(feed).open()).contains("3 messages have left the queue unsettled");

      Loss loss = awaitLoss(feed);
      assertThat(loss.messages()).isEqualTo(3);
      assertThat(loss.how()).contains(broker.configuration().queue(), "purged");
      feed.departures().noted(List.of(loss));
      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
    }
  }

  private Loss awaitLoss(RabbitmqFeed feed) {
    var account = new AtomicReference<>(Account.COMPLETE);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              account.set(account(feed));
              return !account.get().losses().isEmpty();
            });
    assertThat(account.get().open()).isNull();
    return account.get().losses().get(0);
  }

  @Test
  void whatAnExpiryLeavesBehindIsNotMissedTwice() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      feed.pause();
      broker.send(KEY, "stays");
      await().until(() -> broker.waiting(broker.configuration().queue()) == 1);
      feed.backlog();
      sendThatExpires("a", "b");
      feed.backlog();
      await().until(() -> broker.waiting(broker.configuration().queue()) == 3);
      feed.backlog();
      feed.resume();
      Delivery stays = feed.take(1, PATIENCE).get(0);
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 2);
      feed.backlog();
      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
      assertThat(bodies()).containsExactly("a", "b");
      feed.giveBack(List.of(stays));
      feed.backlog();
      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
    }
  }

  @Test
  void messagesThatComeAndGoBackAreNeverMissed() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      for (int round = 0; round < 30; round++) {
        broker.send(KEY, "a", "b", "c", "d", "e");
        List<Delivery> taken = feed.take(3, PATIENCE);
        feed.backlog();
        feed.acknowledge(taken.subList(0, 1));
        feed.giveBack(taken.subList(1, taken.size()));
        feed.backlog();
        if (round % 5 == 0) {
          feed.pause();
          feed.backlog();
          feed.resume();
        }
        assertThat(account(feed)).isEqualTo(Account.COMPLETE);
      }
    }
  }

  @Test
  void aQueueThatIsDeletedIsALoss() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      broker.channel().queueDelete(broker.configuration().queue());
      assertThat(awaitLoss(feed).how()).contains("deleted");
    }
  }

  @Test
  void aQueueThatIsDeletedDuringAPauseIsALoss() throws Exception {
    try (RabbitmqFeed feed = start()) {
      account(feed);
      feed.pause();
      broker.send(KEY, "a", "b");
      await().until(() -> broker.waiting(broker.configuration().queue()) == 2);
      broker.channel().queueDelete(broker.configuration().queue());
      feed.resume();
      assertThat(awaitLoss(feed).how()).contains("deleted");
      await().until(() -> feed.status().connected());
      feed.departures().noted(account(feed).losses());
      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
    }
  }

  @Test
  void aQueueThatIsDeletedWhileTheConnectionIsBrokenIsALoss() throws Exception {
    try (TcpProxy proxy = TestBroker.proxy();
        RabbitmqFeed feed = broker.feed(proxy)) {
      feed.start();
      await().until(() -> feed.status().connected());
      account(feed);
      proxy.refuse();
      proxy.cut();
      await().until(() -> !feed.status().connected());
      broker.channel().queueDelete(broker.configuration().queue());
      proxy.resume();
      assertThat(awaitLoss(feed).how()).contains("deleted");
      feed.departures().noted(account(feed).losses());
      assertThat(account(feed)).isEqualTo(Account.COMPLETE);
    }
  }

  @Test
  void aWatchThatIsDeletedIsDeclaredAgainAndMissesNothing() throws Exception {
    String watch = broker.configuration().deadLetterQueue() + ".watch";
    try (RabbitmqFeed feed = start()) {
      account(feed);
      feed.pause();
      broker.channel().queueDelete(watch);
      sendThatExpires("a");
      await().until(() -> broker.waiting(broker.configuration().deadLetterQueue()) == 1);
      await().until(() -> account(feed).equals(Account.COMPLETE) && !recorded.isEmpty());
      assertThat(bodies()).containsExactly("a");
    }
  }
}
