package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import dev.freshet.feed.Unrouted;
import dev.freshet.feed.UnroutedMessages.Rerouted;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that no binding takes. */
class UnroutedIT {

  private static final String DEFAULT_KEY = "db.public.products";

  private final TestBroker broker = new TestBroker();
  private final RabbitmqConfiguration names = broker.configuration();
  private final List<AutoCloseable> open = new ArrayList<>();

  UnroutedIT() throws Exception {}

  @AfterEach
  void deleteNames() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    broker.channel().queueDelete(names.unrouted() + ".newest");
    broker.close();
  }

  private RabbitmqUnrouted unrouted(RabbitmqConfiguration configuration) throws Exception {
    RabbitmqFeed feed = broker.feed(configuration);
    feed.start();
    open.add(feed);
    await().until(() -> feed.status().connected());
    var unrouted = new RabbitmqUnrouted(TestBroker.settings(), configuration);
    open.add(unrouted::close);
    return unrouted;
  }

  private void send(String routingKey, String... bodies) throws Exception {
    long before = broker.waiting(names.unrouted());
    broker.send(routingKey, bodies);
    await().until(() -> broker.waiting(names.unrouted()) == before + bodies.length);
  }

  @Test
  void theyAreCountedAndTheNewestKeyIsTold() throws Exception {
    RabbitmqUnrouted unrouted = unrouted(names);
    assertThat(unrouted.look()).get().extracting(Unrouted::waiting).isEqualTo(0L);
    send("db.public.orders", "1");
    send(DEFAULT_KEY, "2", "3");

    for (int look = 0; look < 3; look++) {
      Unrouted found = unrouted.look().orElseThrow();
      assertThat(found.waiting()).isEqualTo(3);
      assertThat(found.newestRoutingKey()).isEqualTo(DEFAULT_KEY);
      assertThat(found.bound()).containsExactly("public.products.#");
      assertThat(found.wayOut()).contains(DEFAULT_KEY, "public.products.#", "/unrouted/replay");
    }
    assertThat(broker.drain(names.unrouted()))
        .extracting(TestBroker::body)
        .containsExactly("1", "2", "3");
  }

  @Test
  void whatIsBoundByNowOnlyHasToBeReplayed() throws Exception {
    RabbitmqUnrouted before = unrouted(names);
    assertThat(before.look().orElseThrow().waiting()).isZero();
    send("other.a", "1");
    assertThat(before.look().orElseThrow().newestIsBound()).isFalse();
    RabbitmqUnrouted after =
        unrouted(broker.configuration(names.prefetch(), names.prefetchBytes(), "other.#"));
    assertThat(after.look().orElseThrow().wayOut())
        .contains("POST /unrouted/replay")
        .doesNotContain("routing-keys");
  }

  @Test
  void onceBoundTheyAreOnTheQueueAndTheOthersStayInOrder() throws Exception {
    unrouted(names);
    send("other.a", "1");
    send(DEFAULT_KEY, "2");
    send("other.b", "3");
    send(DEFAULT_KEY, "4");
    for (AutoCloseable one : open) {
      one.close();
    }
    open.clear();

    var bound = broker.configuration(500, "public.products.#", "db.#");
    RabbitmqUnrouted unrouted = unrouted(bound);
    open.get(0).close();
    assertThat(unrouted.reroute(1)).isEqualTo(new Rerouted(1, 1, 3));
    assertThat(unrouted.reroute(100)).isEqualTo(new Rerouted(1, 2, 2));
    assertThat(unrouted.reroute(100)).isEqualTo(new Rerouted(0, 2, 2));

    await().until(() -> broker.waiting(names.queue()) == 2);
    List<GetResponse> routed = broker.drain(names.queue());
    assertThat(routed).extracting(TestBroker::body).containsExactly("2", "4");
    assertThat(routed)
        .allMatch(message -> message.getEnvelope().getRoutingKey().equals(DEFAULT_KEY));
    assertThat(broker.drain(names.unrouted()))
        .extracting(TestBroker::body)
        .containsExactly("1", "3");
  }

  @Test
  void anExchangeOfSomebodyElseKeepsNone() throws Exception {
    broker.declarePlainExchange();
    RabbitmqUnrouted unrouted = unrouted(names);
    assertThat(unrouted.look()).isEmpty();
    assertThat(unrouted.reroute(10)).isEqualTo(new Rerouted(0, 0, 0));
  }
}
