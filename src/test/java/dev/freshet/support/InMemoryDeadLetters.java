package dev.freshet.support;

import dev.freshet.UnavailableException;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Dead letters that a test puts there; one call has them in hand at a time. */
public final class InMemoryDeadLetters implements DeadLetters {

  private final List<DeadLetter> waiting = new ArrayList<>();
  private boolean available = true;

  public synchronized void add(String id, String reason, Instant receivedAt, String body) {
    waiting.add(
        new DeadLetter(
            id,
            new ChangeMessage(
                "public.products", Map.of("h", "1"), body.getBytes(StandardCharsets.UTF_8)),
            reason,
            "a detail",
            Instant.parse("2026-01-02T03:04:05Z"),
            receivedAt));
  }

  public synchronized List<DeadLetter> all() {
    return List.copyOf(waiting);
  }

  public synchronized void setAvailable(boolean available) {
    this.available = available;
  }

  public synchronized void reset() {
    waiting.clear();
    available = true;
  }

  @Override
  public synchronized void add(ChangeMessage message, Instant receivedAt, Rejection rejection) {
    if (!available) {
      throw new UnavailableException("the dead-letter queue does not answer");
    }
    waiting.add(DeadLetter.of(message, receivedAt, rejection));
  }

  @Override
  public synchronized long count() {
    if (!available) {
      throw new UnavailableException("the dead-letter queue does not answer");
    }
    return waiting.size();
  }

  private synchronized void settle(
      DeadLetter letter, List<DeadLetter> inHand, List<DeadLetter> end) {
    inHand.remove(letter);
    waiting.remove(letter);
    waiting.addAll(end);
  }

  @Override
  public DeadLetterBrowser open() {
    List<DeadLetter> ahead = new ArrayList<>(all());
    List<DeadLetter> inHand = new ArrayList<>();
    return new DeadLetterBrowser() {

      @Override
      public Optional<DeadLetter> next() {
        if (ahead.isEmpty()) {
          return Optional.empty();
        }
        inHand.add(ahead.remove(0));
        return Optional.of(inHand.get(inHand.size() - 1));
      }

      @Override
      public void remove(DeadLetter letter) {
        if (!available) {
          throw new UnavailableException("the dead-letter queue does not answer");
        }
        settle(letter, inHand, List.of());
      }

      @Override
      public void replace(DeadLetter letter, Rejection rejection) {
        var replaced =
            new DeadLetter(
                letter.id(),
                letter.message(),
                rejection.reason().label(),
                rejection.detail(),
                rejection.failedAt(),
                letter.receivedAt());
        settle(letter, inHand, List.of(replaced));
        // As a queue does it: whoever goes on comes to it again.
        ahead.add(replaced);
      }

      @Override
      public void close() {}
    };
  }
}
