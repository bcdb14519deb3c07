package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.IndexSharing;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes on one queue, each with an index, or a ledger, of its own. */
class SoleConsumerIT {

  private TestBroker broker;

  @BeforeEach
  void connect() throws Exception {
    broker = new TestBroker();
  }

  @AfterEach
  void disconnect() throws Exception {
    broker.close();
  }

  @Test
  void aSecondProcessWaitsUntilTheFirstIsGone() throws Exception {
    try (ChangeFeed second = feed("lucene")) {
      try (ChangeFeed first = feed("lucene")) {
        first.start();
        await().until(() -> first.status().connected());
        second.start();
        await()
            .untilAsserted(
                () ->
                    assertThat(second.status().description())
                        .contains("another consumer takes from queue '" + queue() + "'")
                        .contains("freshet.store=lucene"));
        broker.send(TestBroker.KEY, "a", "b");
        assertThat(bodies(first, 2)).containsExactly("a", "b");
        assertThat(second.held()).isZero();
      }
      await().until(() -> second.status().connected());
      // The first one had acknowledged nothing.
      assertThat(bodies(second, 2)).containsExactly("a", "b");
    }
  }

  @Test
  void ofTwoThatBeginAtOnceOneConsumes() throws Exception {
    try (ChangeFeed one = feed("lucene");
        ChangeFeed other = feed("lucene")) {
      one.start();
      other.start();
      await()
          .during(Duration.ofSeconds(1))
          .until(
              () -> Stream.of(one, other).filter(feed -> feed.status().connected()).count() == 1);
    }
  }

  @Test
  void aPausedOneResumesOnlyWhenNobodyElseHasBegun() throws Exception {
    try (ChangeFeed paused = feed("lucene")) {
      paused.start();
      await().until(() -> paused.status().connected());
      paused.pause();
      try (ChangeFeed other = feed("lucene")) {
        other.start();
        await().until(() -> other.status().connected());
        paused.resume();
        await()
            .untilAsserted(
                () ->
                    assertThat(paused.status().description())
                        .contains("another consumer takes from queue"));
      }
      await().until(() -> paused.status().connected());
      broker.send(TestBroker.KEY, "a");
      assertThat(bodies(paused, 1)).containsExactly("a");
    }
  }

  @Test
  void severalProcessesShareAnIndexInPostgresql() throws Exception {
    try (ChangeFeed one = feed("pgvector");
        ChangeFeed other = feed("pgvector")) {
      one.start();
      other.start();
      await().until(() -> one.status().connected() && other.status().connected());
    }
  }

  private RabbitmqFeed feed(String store) throws Exception {
    var sharing = new IndexSharing(store, store.equals("pgvector"));
    return new RabbitmqFeed(
        TestBroker.settings(), broker.configuration(), sharing, Clock.systemUTC());
  }

  private String queue() {
    return broker.configuration().queue();
  }

  private static List<String> bodies(ChangeFeed feed, int count) throws InterruptedException {
    List<Delivery> taken = new ArrayList<>();
    await()
        .until(
            () -> {
              taken.addAll(feed.take(count, Duration.ofMillis(100)));
              return taken.size() >= count;
            });
    return taken.stream()
        .map(delivery -> new String(delivery.message().body(), StandardCharsets.UTF_8))
        .toList();
  }
}
