package dev.freshet.feed.rabbitmq;

import static dev.freshet.feed.FeedReading.bodies;
import static dev.freshet.feed.FeedReading.takeAll;
import static dev.freshet.feed.rabbitmq.TestBroker.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.TcpProxy;
import io.micronaut.rabbitmq.connect.SingleRabbitConnectionFactoryConfig;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BesideOthers
@Timeout(60)
class ReconnectIT {

  private final TestBroker broker = new TestBroker();
  private final RabbitmqConfiguration names = broker.configuration();
  private final TcpProxy proxy = TestBroker.proxy();
  private final RabbitmqFeed feed = broker.feed(proxy);

  ReconnectIT() throws Exception {}

  @AfterEach
  void deleteNames() throws Exception {
    feed.close();
    proxy.close();
    broker.close();
  }

  @Test
  void aBrokerThatIsDownAtTheStartIsWaitedFor() throws Exception {
    proxy.refuse();
    feed.start();
    awaitStatus(feed, "the connection is refused");

    proxy.resume();

    awaitConnected();
    broker.send(KEY, "a");
    assertThat(bodies(takeAll(feed, 1))).containsExactly("a");
  }

  @Test
  void aCutConnectionLosesNothingAndLeavesNothingBehind() throws Exception {
    start();
    broker.send(KEY, IntStream.range(0, 300).mapToObj("m%d"::formatted).toArray(String[]::new));
    Set<String> done = new HashSet<>();
    List<Delivery> lost = takeAll(feed, 100);
    feed.acknowledge(lost.subList(0, 50));
    done.addAll(bodies(lost.subList(0, 50)));

    proxy.cut();
    awaitConnectionOver(lost);
    feed.acknowledge(lost.subList(50, 100));

    while (done.size() < 300) {
      List<Delivery> again = feed.take(70, Duration.ofSeconds(10));
      assertThat(again).isNotEmpty();
      feed.acknowledge(again);
      done.addAll(bodies(again));
    }
    feed.close();
    assertThat(broker.waiting(names.queue())).isZero();
  }

  @Test
  void aPausedFeedHoldsNothingThatAnotherInstanceCouldTake() throws Exception {
    start();
    String[] sent = IntStream.range(0, 50).mapToObj("m%d"::formatted).toArray(String[]::new);
    broker.send(KEY, sent);
    List<Delivery> inFlight = takeAll(feed, 10);
    int connections = proxy.accepted();

    feed.pause();

    try (ChangeFeed other = broker.feed()) {
      other.start();
      List<Delivery> others = takeAll(other, 40);
      assertThat(bodies(others)).containsExactly(Arrays.copyOfRange(sent, 10, 50));
      other.acknowledge(others);
      feed.acknowledge(inFlight);
    }
    feed.resume();
    broker.send(KEY, "after");
    assertThat(bodies(takeAll(feed, 1))).containsExactly("after");
    assertThat(proxy.accepted()).isEqualTo(connections);
  }

  @Test
  void aPauseOutlivesTheConnection() throws Exception {
    start();
    feed.pause();
    int connections = proxy.accepted();
    proxy.cut();
    await().until(() -> proxy.accepted() > connections && feed.status().connected());
    broker.send(KEY, "a");

    assertThat(feed.take(1, Duration.ofMillis(500))).isEmpty();
    assertThat(feed.status().description()).contains("paused");
    assertThat(broker.waiting(names.queue())).isOne();

    feed.resume();
    assertThat(bodies(takeAll(feed, 1))).containsExactly("a");
  }

  @Test
  void aFeedThatStartsPausedBindsItsQueueAndTakesNothing() throws Exception {
    feed.pause();
    start();
    broker.send(KEY, "a");

    await().until(() -> broker.waiting(names.queue()) == 1);
    assertThat(broker.channel().consumerCount(names.queue())).isZero();
    feed.resume();
    assertThat(bodies(takeAll(feed, 1))).containsExactly("a");
  }

  @Test
  void manySwitchesUnderLoadLoseAndRepeatNothing() throws Exception {
    start();
    broker.send(KEY, IntStream.range(0, 2_000).mapToObj("m%d"::formatted).toArray(String[]::new));
    List<String> done = new ArrayList<>();
    for (int turn = 0; done.size() < 2_000; turn++) {
      List<Delivery> taken = feed.take(97, Duration.ofSeconds(10));
      assertThat(taken).isNotEmpty();
      if (turn % 3 == 0) {
        feed.pause();
        feed.giveBack(taken);
        feed.resume();
      } else {
        feed.acknowledge(taken);
        done.addAll(bodies(taken));
      }
    }
    assertThat(done).doesNotHaveDuplicates();
    feed.close();
    assertThat(broker.waiting(names.queue())).isZero();
  }

  @Test
  void aQueueThatVanishesDuringAPauseIsDeclaredAgain() throws Exception {
    start();
    feed.pause();
    broker.channel().queueDelete(names.queue());

    feed.resume();

    await().ignoreExceptions().until(() -> broker.newChannel().consumerCount(names.queue()) == 1);
    broker.send(KEY, "a");
    assertThat(bodies(takeAll(feed, 1))).containsExactly("a");
  }

  @Test
  void redeliveredMessagesArriveLaterThanBefore() throws Exception {
    start();
    broker.send(KEY, "a");
    Delivery before = takeAll(feed, 1).get(0);

    proxy.cut();

    Delivery again = takeAll(feed, 1).get(0);
    assertThat(bodies(List.of(again))).containsExactly("a");
    assertThat(again.receivedAt()).isAfter(before.receivedAt());
  }

  @Test
  void aLostMessageIsNotDeadLetteredBeforeItComesAgain() throws Exception {
    start();
    broker.send(KEY, "broken");
    List<Delivery> lost = takeAll(feed, 1);
    proxy.cut();
    awaitConnectionOver(lost);

    feed.deadLetter(
        lost.get(0), new Rejection(RejectionReason.UNDECODABLE, "no JSON", Instant.EPOCH));

    assertThat(bodies(takeAll(feed, 1))).containsExactly("broken");
    assertThat(broker.waiting(names.deadLetterQueue())).isZero();
  }

  @Test
  void aDeletedQueueIsDeclaredAgain() throws Exception {
    start();
    broker.channel().queueDelete(names.queue());
    await()
        .until(
            () -> {
              try (var probe = broker.newChannel()) {
                return probe.queueDeclarePassive(names.queue()).getConsumerCount() == 1;
              } catch (java.io.IOException e) {
                return false;
              }
            });

    broker.send(KEY, "a");

    assertThat(bodies(takeAll(feed, 1))).containsExactly("a");
  }

  @Test
  void publishingFailsWhileTheBrokerIsAwayAndWorksAfterwards() throws Exception {
    start();
    feed.publish(message());
    proxy.refuse();

    assertThatThrownBy(() -> feed.publish(message()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("did not take the message");

    proxy.resume();
    feed.publish(message());
    assertThat(takeAll(feed, 2)).hasSize(2);
  }

  @Test
  void aBrokerThatDoesNotConfirmIsUnavailableInTime() throws Exception {
    start();
    feed.publish(message());
    proxy.blackhole();
    long started = System.nanoTime();

    assertThatThrownBy(() -> feed.publish(message()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("does not answer in time");

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void aBodyThatADeadNetworkHoldsUpEndsInTime() throws Exception {
    start();
    feed.publish(message());
    proxy.stall();
    long started = System.nanoTime();

    assertThatThrownBy(() -> feed.publish(new ChangeMessage(KEY, Map.of(), new byte[32 << 20])))
        .isInstanceOf(UnavailableException.class);

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void closingOverADeadNetworkEndsInTime() throws Exception {
    start();
    feed.publish(message());
    takeAll(feed, 1);
    proxy.blackhole();
    long started = System.nanoTime();

    feed.stopReceiving();
    feed.close();

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void aBrokerThatNeverAnswersTheHandshakeShowsInTheStatus() throws Exception {
    proxy.blackhole();
    SingleRabbitConnectionFactoryConfig settings = TestBroker.settings(proxy);
    settings.setHandshakeTimeout(300);
    try (ChangeFeed waiting = new RabbitmqFeed(settings, names, Clock.systemUTC())) {
      waiting.start();

      awaitStatus(waiting, "does not answer in time");
      proxy.resume();
      await().until(() -> waiting.status().connected());
    }
  }

  @Test
  void anUnknownHostShowsInTheStatus() throws Exception {
    SingleRabbitConnectionFactoryConfig settings = TestBroker.settings();
    settings.setHost("no-such-host.invalid");
    try (ChangeFeed lost = new RabbitmqFeed(settings, names, Clock.systemUTC())) {
      lost.start();

      awaitStatus(lost, "the host is unknown");
    }
  }

  @Test
  void badCredentialsShowInTheStatusWithoutThePassword() throws Exception {
    SingleRabbitConnectionFactoryConfig settings = TestBroker.settings();
    settings.setPassword("wr0ng-secret");
    try (ChangeFeed refused = new RabbitmqFeed(settings, names, Clock.systemUTC())) {
      refused.start();

      awaitStatus(refused, "refuses the credentials of user '" + settings.getUsername());
      assertThat(refused.status().description()).doesNotContain("wr0ng-secret");
    }
  }

  @Test
  void aMissingVirtualHostShowsInTheStatus() throws Exception {
    SingleRabbitConnectionFactoryConfig settings = TestBroker.settings();
    settings.setVirtualHost("no-such-vhost");
    try (ChangeFeed lost = new RabbitmqFeed(settings, names, Clock.systemUTC())) {
      lost.start();

      awaitStatus(lost, "no-such-vhost");
    }
  }

  @Test
  void aUrlThatEndsInASlashMeansTheDefaultVirtualHost() throws Exception {
    SingleRabbitConnectionFactoryConfig settings = TestBroker.settings();
    settings.setVirtualHost("");
    try (ChangeFeed connecting = new RabbitmqFeed(settings, names, Clock.systemUTC())) {
      connecting.start();

      await().until(() -> connecting.status().connected());
    }
  }

  private void start() {
    feed.start();
    awaitConnected();
  }

  private void awaitConnected() {
    await().until(() -> feed.status().connected());
  }

  private static void awaitConnectionOver(List<Delivery> deliveries) {
    await().until(() -> deliveries.stream().noneMatch(each -> ((RabbitmqDelivery) each).isLive()));
  }

  private static void awaitStatus(ChangeFeed feed, String text) {
    await()
        .untilAsserted(
            () -> {
              assertThat(feed.status().description()).contains(text);
              assertThat(feed.status().connected()).isFalse();
            });
  }

  private static ChangeMessage message() {
    return new ChangeMessage(KEY, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }
}
