package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.rabbitmq.Outbox.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox = new Outbox(3, 1_000);
  private final List<String> taken = new ArrayList<>();

  private void add(String key) throws InterruptedException {
    outbox.add(
        new Outgoing(new ChangeMessage(key, Map.of(), new byte[] {1}), true, () -> taken.add(key)));
  }

  private List<String> send(long first) throws InterruptedException {
    List<String> keys = new ArrayList<>();
    for (var next = outbox.next(first, Duration.ZERO);
        next.isPresent();
        next = outbox.next(first + keys.size(), Duration.ZERO)) {
      keys.add(next.get().message().routingKey());
    }
    return keys;
  }

  @Test
  void aMessageIsTakenWhenAllBeforeItAre() throws Exception {
    add("a");
    add("b");
    add("c");
    assertThat(send(1)).containsExactly("a", "b", "c");

    outbox.confirmed(2, false);
    assertThat(taken).isEmpty();

    outbox.confirmed(1, false);
    assertThat(taken).containsExactly("a", "b");

    outbox.confirmed(3, true);
    assertThat(taken).containsExactly("a", "b", "c");
  }

  @Test
  void theNextChannelSendsWhatIsNotTakenInItsOrder() throws Exception {
    add("a");
    add("b");
    send(1);
    outbox.confirmed(1, false);
    add("c");

    outbox.rewind();

    assertThat(send(1)).containsExactly("b", "c");
    outbox.confirmed(2, true);
    assertThat(taken).containsExactly("a", "b", "c");
  }

  @Test
  void aMessageThatNoQueueTakesIsSentAgainWithAllBehindIt() throws Exception {
    add("a");
    add("b");
    send(1);

    assertThat(outbox.returned(1)).map(ChangeMessage::routingKey).contains("a");
    outbox.confirmed(2, true);
    assertThat(taken).isEmpty();

    outbox.rewind();
    assertThat(send(1)).containsExactly("a", "b");
    outbox.confirmed(2, true);
    assertThat(taken).containsExactly("a", "b");
  }

  @Test
  void whatTheFormerChannelConfirmsLateIsNotMixedUp() throws Exception {
    add("a");
    send(1);
    outbox.rewind();

    outbox.confirmed(1, true);

    assertThat(taken).isEmpty();
    assertThat(outbox.unconfirmedFor()).isZero();
  }

  @Test
  void aFullOutboxWaitsUntilOneIsTaken() throws Exception {
    add("a");
    add("b");
    add("c");
    send(1);
    var fourth =
        CompletableFuture.runAsync(
            () -> {
              try {
                add("d");
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(fourth.isDone()).isFalse();

    outbox.confirmed(1, false);

    fourth.get(10, TimeUnit.SECONDS);
    assertThat(send(4)).containsExactly("d");
  }

  @Test
  void whatIsForgottenMakesRoomAndIsNeverTaken() throws Exception {
    add("a");
    add("b");
    add("c");
    send(1);

    outbox.clear();
    outbox.confirmed(3, true);

    assertThat(taken).isEmpty();
    add("d");
    assertThat(send(1)).containsExactly("d");
  }
}
