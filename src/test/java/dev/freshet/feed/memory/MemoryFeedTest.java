package dev.freshet.feed.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeFeedContract;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.FeedReading;
import dev.freshet.feed.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryFeedTest extends ChangeFeedContract {

  private static final int BYTES = 1_000;

  private MemoryDeadLetters deadLetters;
  private final MemoryFeed feed = feed(1_000, 1_000);

  @Override
  protected ChangeFeed createFeed() {
    return feed;
  }

  @Override
  protected String routingKey() {
    return "public.products";
  }

  @Override
  protected List<String> deadLetterBodies() {
    return bodies();
  }

  @Test
  void aFullFeedTakesNoMoreUntilSomethingIsDone() throws Exception {
    MemoryFeed small = feed(1, 1);
    small.start();
    small.publish(message("a"));

    assertThatThrownBy(() -> small.publish(message("b")))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("the feed is full, try again");

    small.acknowledge(FeedReading.takeAll(small, 1));
    small.publish(message("b"));
    assertThat(FeedReading.bodies(FeedReading.takeAll(small, 1))).containsExactly("b");
  }

  @Test
  void noMoreBytesAreHeldThanConfiguredButASingleMessageMayHaveMore() throws Exception {
    feed.start();
    String half = "x".repeat(BYTES / 2);
    feed.publish(message(half));
    feed.publish(message(half));

    assertThatThrownBy(() -> feed.publish(message("y"))).isInstanceOf(UnavailableException.class);

    feed.acknowledge(FeedReading.takeAll(feed, 2));
    feed.publish(message(half.repeat(3)));
    assertThat(FeedReading.takeAll(feed, 1)).hasSize(1);
  }

  @Test
  void headersTakeRoomToo() throws Exception {
    feed.start();
    var large =
        new ChangeMessage("public.products", Map.of("h", "x".repeat(BYTES / 4)), new byte[1]);
    feed.publish(large);
    assertThatThrownBy(() -> feed.publish(large)).isInstanceOf(UnavailableException.class);
  }

  /** With the reason that each of them carries, two have room. */
  @Test
  void noMoreBytesOfDeadLettersAreKeptThanConfigured() throws Exception {
    feed.start();
    var rejection = new Rejection(RejectionReason.TOO_LARGE, "too large", Instant.EPOCH);
    for (String body : List.of("a", "b", "c")) {
      feed.publish(message(body.repeat(BYTES / 4)));
      feed.deadLetter(FeedReading.takeAll(feed, 1).get(0), rejection);
    }

    assertThat(bodies()).extracting(body -> body.charAt(0)).containsExactly('b', 'c');
  }

  @Test
  void whatWasPublishedBeforeStoppingIsStillTaken() throws Exception {
    feed.start();
    feed.publish(message("a"));
    feed.stopReceiving();

    assertThat(FeedReading.bodies(feed.take(10, Duration.ZERO))).containsExactly("a");
    assertThatThrownBy(() -> feed.publish(message("b"))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void theOldestDeadLetterMakesRoomForTheNewest() throws Exception {
    MemoryFeed small = feed(10, 2);
    small.start();
    for (String body : List.of("a", "b", "c")) {
      small.publish(message(body));
    }
    var rejection = new Rejection(RejectionReason.UNDECODABLE, "no JSON", Instant.EPOCH);

    FeedReading.takeAll(small, 3).forEach(delivery -> small.deadLetter(delivery, rejection));

    assertThat(bodies()).containsExactly("b", "c");
  }

  @Test
  void aStoppedFeedTakesNoMessagesThatItWouldLose() {
    feed.stopReceiving();

    assertThatThrownBy(() -> feed.publish(message("a"))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void aCapacityOfNothingIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoryFeedConfiguration(0, 1, 1))
        .withMessageContaining("freshet.memory.capacity");
  }

  private MemoryFeed feed(int capacity, int limit) {
    var configuration = new MemoryFeedConfiguration(capacity, BYTES, limit);
    deadLetters = new MemoryDeadLetters(configuration);
    return new MemoryFeed(configuration, deadLetters, Clock.systemUTC());
  }

  private List<String> bodies() {
    return deadLetters.all().stream()
        .map(letter -> new String(letter.message().body(), StandardCharsets.UTF_8))
        .toList();
  }

  private static ChangeMessage message(String body) {
    return new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
