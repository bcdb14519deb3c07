package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ChangeFeed} does. */
public abstract class ChangeFeedContract {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration A_MOMENT = Duration.ofMillis(200);
  private static final Rejection REJECTION =
      new Rejection(
          RejectionReason.MISSING_KEY, "column id is null", Instant.parse("2024-02-29T12:00:00Z"));

  private ChangeFeed feed;

  /** A feed of its own for this test, not started. */
  protected abstract ChangeFeed createFeed() throws Exception;

  /** A routing key that the feed takes. */
  protected abstract String routingKey();

  /** The bodies of all dead letters. */
  protected abstract List<String> deadLetterBodies() throws Exception;

  @BeforeEach
  void startFeed() throws Exception {
    feed = createFeed();
    feed.start();
    await().until(() -> feed.status().connected());
  }

  @AfterEach
  void closeFeed() {
    feed.close();
  }

  @Test
  void messagesArriveAsTheyWerePublished() throws Exception {
    publish(new ChangeMessage(routingKey(), Map.of("h", "{\"a\":1}"), utf8("{\"é\":\"☃\"}")));

    ChangeMessage message = takeAll(1).get(0).message();

    assertThat(message.routingKey()).isEqualTo(routingKey());
    assertThat(message.headers()).containsExactly(Map.entry("h", "{\"a\":1}"));
    assertThat(message.body()).isEqualTo(utf8("{\"é\":\"☃\"}"));
  }

  @Test
  void tombstonesAndEmptyBodiesArrive() throws Exception {
    publish("default", "");

    assertThat(bodies(takeAll(2))).containsExactly("default", "");
  }

  @Test
  void whatIsOfNoTableArrivesWhateverIsBound() throws Exception {
    publish("a");
    publish(new ChangeMessage("", Map.of("h", "1"), utf8("{\"ts_ms\":1}")));
    publish("c");

    List<Delivery> taken = takeAll(3);

    assertThat(bodies(taken)).containsExactly("a", "{\"ts_ms\":1}", "c");
    assertThat(taken.get(1).message().headers()).containsExactly(Map.entry("h", "1"));
  }

  @Test
  void messagesAreTakenInOrderOfArrival() throws Exception {
    String[] published = numbered(50);
    publish(published);

    assertThat(bodies(takeAll(50))).containsExactly(published);
  }

  @Test
  void eachMessageIsOfAPartitionThatTheFeedNames() throws Exception {
    publish("a", "b");

    assertThat(feed.partitions())
        .isNotEmpty()
        .containsAll(takeAll(2).stream().map(Delivery::partition).toList());
  }

  @Test
  void timesOfArrivalIncreaseStrictlyInMicroseconds() throws Exception {
    publish(numbered(50));

    List<Instant> times = takeAll(50).stream().map(Delivery::receivedAt).toList();

    assertThat(times).isSorted().doesNotHaveDuplicates();
    assertThat(times).allMatch(time -> time.truncatedTo(ChronoUnit.MICROS).equals(time));
  }

  @Test
  void noMoreThanTheLimitIsTaken() throws Exception {
    publish("a", "b", "c");

    assertThat(feed.take(2, PATIENCE)).hasSizeBetween(1, 2);
  }

  @Test
  void takingFromAnEmptyFeedEndsAfterItsPatience() throws Exception {
    assertThat(feed.take(10, A_MOMENT)).isEmpty();
  }

  @Test
  void aWaitingTakeReceivesWhatArrives() throws Exception {
    Future<List<Delivery>> taken = inBackground(() -> feed.take(10, PATIENCE));

    publish("a");

    assertThat(bodies(taken.get(10, TimeUnit.SECONDS))).containsExactly("a");
  }

  @Test
  void whatWasTakenIsNotTakenAgain() throws Exception {
    publish("a");
    takeAll(1);

    assertThat(feed.take(10, A_MOMENT)).isEmpty();
  }

  @Test
  void acknowledgingTwiceDoesNoHarm() throws Exception {
    publish("a", "b", "c");
    List<Delivery> taken = takeAll(3);

    feed.acknowledge(List.of(taken.get(1)));
    feed.acknowledge(taken);
    feed.acknowledge(taken);
    publish("d");

    assertThat(bodies(takeAll(1))).containsExactly("d");
  }

  @Test
  void aDeadLetterIsKeptOnceAndTheRestGoesOn() throws Exception {
    publish("a", "broken", "c");
    List<Delivery> taken = takeAll(3);

    assertThat(feed.deadLetter(taken.get(1), REJECTION)).isTrue();
    assertThat(feed.deadLetter(taken.get(1), REJECTION)).isFalse();
    feed.acknowledge(taken);
    publish("d");

    assertThat(bodies(takeAll(1))).containsExactly("d");
    assertThat(deadLetterBodies()).containsExactly("broken");
  }

  @Test
  void manyThreadsMayPublish() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> published = new ArrayList<>();
      for (String body : numbered(200)) {
        published.add(threads.submit(() -> publishUnchecked(body)));
      }
      for (Future<?> each : published) {
        each.get(10, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdown();
    }

    assertThat(bodies(takeAll(200))).containsExactlyInAnyOrder(numbered(200));
  }

  @Test
  void afterStoppingTakingComesToAnEnd() throws Exception {
    publish("a", "b");
    feed.take(1, PATIENCE);

    feed.stopReceiving();

    feed.take(10, Duration.ofMinutes(1));
    assertThat(feed.take(10, Duration.ofMinutes(1))).isEmpty();
    assertThat(feed.status().connected()).isFalse();
  }

  @Test
  void stoppingEndsAWaitingTake() throws Exception {
    Future<List<Delivery>> taken = inBackground(() -> feed.take(10, Duration.ofMinutes(1)));

    feed.stopReceiving();

    assertThat(taken.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void aPausedFeedKeepsWhatIsPublishedUntilItResumes() throws Exception {
    feed.pause();
    feed.pause();
    publish("a", "b");

    assertThat(feed.take(10, A_MOMENT)).isEmpty();
    assertThat(feed.status().connected()).isTrue();
    assertThat(feed.status().description()).contains("paused");

    feed.resume();
    feed.resume();
    assertThat(bodies(takeAll(2))).containsExactly("a", "b");
    assertThat(feed.status().description()).doesNotContain("paused");
  }

  @Test
  void whatWasNotTakenBeforeAPauseIsTakenOnceAfterIt() throws Exception {
    publish(numbered(20));
    List<Delivery> before = takeAll(5);

    feed.pause();
    assertThat(feed.take(20, A_MOMENT)).isEmpty();
    feed.acknowledge(before);
    feed.resume();

    assertThat(bodies(takeAll(15))).containsExactlyElementsOf(List.of(numbered(20)).subList(5, 20));
    assertThat(feed.take(10, A_MOMENT)).isEmpty();
  }

  @Test
  void aPauseReachesAWaitingTake() throws Exception {
    Future<List<Delivery>> taken = inBackground(() -> feed.take(10, Duration.ofSeconds(1)));

    feed.pause();
    publish("a");

    assertThat(taken.get(10, TimeUnit.SECONDS)).isEmpty();
    feed.resume();
    assertThat(bodies(takeAll(1))).containsExactly("a");
  }

  /** As a loop gives back what waits for values last. */
  @Test
  void whatIsGivenBackComesAgainInItsOldOrderInWhateverOrderItIsGiven() throws Exception {
    publish("a", "b", "c");
    List<Delivery> taken = takeAll(3);
    feed.pause();
    feed.giveBack(List.of(taken.get(1), taken.get(2), taken.get(0)));
    publish("d");
    feed.resume();

    assertThat(bodies(takeAll(4))).containsExactly("a", "b", "c", "d");
  }

  @Test
  void whatIsGivenBackIsTakenAgainUnlessItIsSettled() throws Exception {
    publish("a", "b", "c");
    List<Delivery> taken = takeAll(3);
    feed.acknowledge(taken.subList(1, 2));

    feed.giveBack(taken);
    feed.giveBack(taken);
    feed.acknowledge(taken);

    List<Delivery> again = takeAll(2);
    assertThat(bodies(again)).containsExactly("a", "c");
    assertThat(feed.take(10, A_MOMENT)).isEmpty();
    feed.acknowledge(again);
  }

  @Test
  void theBacklogIsWhatNobodyHasTakenAndWhatWasGivenUp() throws Exception {
    publish("broken", "b");
    feed.deadLetter(takeAll(2).get(0), REJECTION);
    feed.pause();
    publish("c", "d", "e");

    await().until(() -> feed.backlog().equals(Optional.of(new Backlog(3, 1))));
  }

  @Test
  void aPausedFeedStops() throws Exception {
    feed.pause();

    feed.stopReceiving();

    assertThat(feed.take(10, Duration.ofMinutes(1))).isEmpty();
  }

  @Test
  void closingTwiceDoesNoHarm() {
    feed.close();
    feed.close();

    assertThat(feed.status().connected()).isFalse();
  }

  /** The feed under test, started. */
  protected ChangeFeed feed() {
    return feed;
  }

  /** Puts a message on the feed; one that nobody publishes to here overrides it. */
  protected void publish(ChangeMessage message) throws UnroutableException {
    ((ChangePublisher) feed).publish(message);
  }

  private void publish(String... bodies) throws UnroutableException {
    for (String body : bodies) {
      publish(new ChangeMessage(routingKey(), Map.of(), utf8(body)));
    }
  }

  private void publishUnchecked(String body) {
    try {
      publish(body);
    } catch (UnroutableException e) {
      throw new AssertionError(e);
    }
  }

  private List<Delivery> takeAll(int count) throws InterruptedException {
    return FeedReading.takeAll(feed, count);
  }

  private static List<String> bodies(List<Delivery> deliveries) {
    return FeedReading.bodies(deliveries);
  }

  private static String[] numbered(int count) {
    return IntStream.range(0, count).mapToObj("m%d"::formatted).toArray(String[]::new);
  }

  private static Future<List<Delivery>> inBackground(Taking taking) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return taking.take();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private interface Taking {
    List<Delivery> take() throws InterruptedException;
  }
}
