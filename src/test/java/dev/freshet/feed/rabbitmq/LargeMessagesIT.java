package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is held of large messages. */
class LargeMessagesIT {

  private static final String KEY = "public.products";
  private static final int SIZE = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TestBroker broker = new TestBroker();

  LargeMessagesIT() throws Exception {}

  @AfterEach
  void deleteNames() throws Exception {
    broker.close();
  }

  private ChangeFeed start(int prefetch, long prefetchBytes) throws Exception {
    ChangeFeed feed =
        broker.feed(broker.configuration(prefetch, prefetchBytes, "public.products.#"));
    feed.start();
    await().until(() -> feed.status().connected());
    return feed;
  }

  private static String large(int number) {
    return "%03d".formatted(number) + "x".repeat(SIZE - 3);
  }

  private static String[] large(int from, int to) {
    return IntStream.range(from, to).mapToObj(LargeMessagesIT::large).toArray(String[]::new);
  }

  private static String name(Delivery delivery) {
    return new String(delivery.message().body(), 0, 3, StandardCharsets.UTF_8);
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj("%03d"::formatted).toList();
  }

  @Test
  void noMoreBytesAreHeldThanConfiguredAndAllComeInOrder() throws Exception {
    try (ChangeFeed feed = start(500, 3 * SIZE)) {
      broker.send(KEY, large(0, 40));
      // All of it is sent at once, and read: what there is no room for is not kept.
      await().until(() -> broker.waiting(broker.configuration().queue()) == 0);
      var all = new ArrayList<String>();
      while (all.size() < 40) {
        List<Delivery> taken = feed.take(500, PATIENCE);
        assertThat(taken).hasSizeBetween(1, 3);
        taken.forEach(delivery -> all.add(name(delivery)));
        feed.acknowledge(taken);
      }
      assertThat(all).isEqualTo(names(0, 40));
      assertThat(feed.take(1, Duration.ofMillis(200))).isEmpty();
    }
    assertThat(broker.waiting(broker.configuration().queue())).isZero();
  }

  @Test
  void aMessageLargerThanAllThatMayBeHeldIsTakenAlone() throws Exception {
    try (ChangeFeed feed = start(500, SIZE / 2)) {
      broker.send(KEY, large(0, 3));
      for (int i = 0; i < 3; i++) {
        List<Delivery> taken = feed.take(500, PATIENCE);
        assertThat(taken).extracting(LargeMessagesIT::name).containsExactly("%03d".formatted(i));
        feed.acknowledge(taken);
      }
    }
  }

  @Test
  void smallMessagesAfterLargeOnesAreAskedForInAdvanceAgain() throws Exception {
    try (ChangeFeed feed = start(20, 3 * SIZE)) {
      broker.send(KEY, large(0, 10));
      int large = 0;
      while (large < 10) {
        List<Delivery> taken = feed.take(500, PATIENCE);
        large += taken.size();
        feed.acknowledge(taken);
      }
      for (int i = 0; i < 60; i++) {
        broker.send(KEY, "s");
        feed.acknowledge(feed.take(1, PATIENCE));
      }
      broker.send(KEY, IntStream.range(0, 30).mapToObj("s%02d"::formatted).toArray(String[]::new));

      await().until(() -> broker.waiting(broker.configuration().queue()) == 10);
    }
  }

  @Test
  void aMessageThatIsNotSettledLeavesRoomForTheNextAlsoAfterLargeOnes() throws Exception {
    try (ChangeFeed feed = start(500, SIZE * 3 / 2)) {
      // It is narrowed once a second one arrives before the first is acknowledged.
      await().until(() -> comesAndGoes(feed, large(0, 5)) == 2);
      broker.send(KEY, "one", "two");

      List<Delivery> waits = feed.take(1, PATIENCE);
      List<Delivery> next = feed.take(1, PATIENCE);

      assertThat(waits).extracting(LargeMessagesIT::name).containsExactly("one");
      assertThat(next).extracting(LargeMessagesIT::name).containsExactly("two");
      feed.acknowledge(next);
      feed.acknowledge(waits);
    }
    assertThat(broker.waiting(broker.configuration().queue())).isZero();
  }

  /** Answers the window afterwards. */
  private int comesAndGoes(ChangeFeed feed, String... bodies) throws Exception {
    broker.send(KEY, bodies);
    for (int i = 0; i < bodies.length; i++) {
      feed.acknowledge(feed.take(1, PATIENCE));
    }
    return feed.window();
  }

  @Test
  void aPauseGivesBackWhatThereWasNoRoomForAndAllOfItComesOnceAfterIt() throws Exception {
    try (ChangeFeed feed = start(500, 3 * SIZE)) {
      broker.send(KEY, large(0, 40));
      await().until(() -> broker.waiting(broker.configuration().queue()) == 0);
      List<Delivery> taken = feed.take(2, PATIENCE);

      feed.pause();

      // One message is held that nobody took, and 37 are refused.
      await().until(() -> broker.waiting(broker.configuration().queue()) == 38);
      feed.acknowledge(taken.subList(0, 1));
      feed.giveBack(taken.subList(1, 2));
      await().until(() -> broker.waiting(broker.configuration().queue()) == 39);
      assertThat(feed.take(1, Duration.ofMillis(200))).isEmpty();

      feed.resume();

      var all = new ArrayList<String>();
      while (all.size() < 39) {
        List<Delivery> more = feed.take(500, PATIENCE);
        assertThat(more).isNotEmpty();
        more.forEach(delivery -> all.add(name(delivery)));
        feed.acknowledge(more);
      }
      assertThat(all).isEqualTo(names(1, 40));
      assertThat(feed.take(1, Duration.ofMillis(200))).isEmpty();
    }
    assertThat(broker.waiting(broker.configuration().queue())).isZero();
  }

  @Test
  void whatWasRefusedWhenTheFeedClosesIsNotLost() throws Exception {
    ChangeFeed feed = start(500, 3 * SIZE);
    broker.send(KEY, large(0, 10));
    List<Delivery> taken = feed.take(1, PATIENCE);
    feed.stopReceiving();
    feed.acknowledge(taken);
    feed.close();

    assertThat(broker.waiting(broker.configuration().queue())).isEqualTo(9);
  }
}
