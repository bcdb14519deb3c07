package dev.freshet.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeFeedContract;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangeRelay;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.DeliveryBuffer;
import dev.freshet.support.InMemoryDeadLetterLedger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The feed, with a reader that reads what the test says. */
class CaptureFeedTest extends ChangeFeedContract {

  private final DeliveryBuffer buffer = new DeliveryBuffer(1_000, 1_000_000, Clock.systemUTC());
  private final LedgerDeadLetters deadLetters =
      new LedgerDeadLetters(new InMemoryDeadLetterLedger());
  private final AtomicInteger settled = new AtomicInteger();

  @Override
  protected ChangeFeed createFeed() {
    return new CaptureFeed(new ScriptedReader(), buffer, deadLetters, ChangeRelay.NONE);
  }

  @Override
  protected String routingKey() {
    return "public.products";
  }

  @Override
  protected void publish(ChangeMessage message) {
    try {
      buffer.put(message, settled::incrementAndGet);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected List<String> deadLetterBodies() {
    var bodies = new ArrayList<String>();
    try (DeadLetterBrowser held = deadLetters.open()) {
      for (var next = held.next(); next.isPresent(); next = held.next()) {
        bodies.add(new String(next.get().message().body(), StandardCharsets.UTF_8));
      }
    }
    return bodies;
  }

  @Test
  void whatTheReaderAbandonsIsNotHandedOutAndCannotBeSettled() throws Exception {
    publish(message("a"));
    publish(message("b"));
    var taken = feed().take(1, Duration.ofSeconds(1));

    buffer.abandon();
    feed().acknowledge(taken);

    assertThat(taken.get(0).isLive()).isFalse();
    assertThat(settled).hasValue(0);
    assertThat(feed().take(1, Duration.ofMillis(50))).isEmpty();
    assertThat(feed().held()).isZero();
  }

  /** The reader knows a heartbeat before it is decoded. */
  @Test
  void aHeartbeatIsNoChangeThatWaits() throws Exception {
    buffer.putSignal(message("heartbeat"), settled::incrementAndGet);
    assertThat(feed().backlog()).contains(new Backlog(1, 0, 0));
    publish(message("a"));
    assertThat(feed().backlog()).contains(new Backlog(2, 0, 1));

    var heartbeat = feed().take(1, Duration.ofSeconds(1));
    assertThat(feed().held()).isEqualTo(1);
    assertThat(feed().heldPossibleChanges()).isZero();
    var change = feed().take(1, Duration.ofSeconds(1));
    assertThat(feed().held()).isEqualTo(2);
    assertThat(feed().heldPossibleChanges()).isEqualTo(1);

    feed().giveBack(heartbeat);
    feed().giveBack(change);
    assertThat(feed().backlog()).contains(new Backlog(2, 0, 1));
    assertThat(feed().heldPossibleChanges()).isZero();
    feed().acknowledge(feed().take(2, Duration.ofSeconds(1)));
    assertThat(settled).hasValue(2);
    assertThat(feed().heldPossibleChanges()).isZero();
  }

  @Test
  void eachMessageIsSettledOnce() throws Exception {
    publish(message("a"));
    var taken = feed().take(1, Duration.ofSeconds(1));
    feed().giveBack(taken);
    var again = feed().take(1, Duration.ofSeconds(1));
    feed().acknowledge(taken);
    assertThat(settled).hasValue(0);

    feed().acknowledge(again);
    feed().acknowledge(again);
    assertThat(settled).hasValue(1);
  }

  private static ChangeMessage message(String body) {
    return new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
