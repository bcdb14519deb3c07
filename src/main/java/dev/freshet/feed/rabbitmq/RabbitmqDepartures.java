package dev.freshet.feed.rabbitmq;

import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Departures;
import dev.freshet.feed.Loss;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What RabbitMQ's queue loses by the broker's hand: by dead letter, or without a trace. */
final class RabbitmqDepartures implements Departures {

  private final LetterWatch watch;
  private final Conservation conservation;
  private final Clock clock;

  RabbitmqDepartures(LetterWatch watch, Conservation conservation, Clock clock) {
    this.watch = watch;
    this.conservation = conservation;
    this.clock = clock;
  }

  @Override
  public Account account(Consumer<DeadLetter> record) {
    Account letters =
        watch.drain(
            letter -> {
              record.accept(letter);
              conservation.letter();
            });
    String open = letters.open();
    return new Account(open == null ? missing() : open, letters.blind(), conservation.losses());
  }

  private @Nullable String missing() {
    long missing = conservation.missing(clock.instant());
    return missing == 0
        ? null
        : "%d messages have left the queue unsettled, and their dead letters are awaited"
            .formatted(missing);
  }

  @Override
  public void noted(List<Loss> losses) {
    conservation.noted(losses);
  }

  void close() {
    watch.close();
  }
}
