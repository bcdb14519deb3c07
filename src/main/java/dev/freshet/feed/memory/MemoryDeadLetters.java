package dev.freshet.feed.memory;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.feed.Room;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dead letters of the feed in memory, each under the number of its place. */
@Singleton
@Requires(property = "freshet.feed", value = "memory")
final class MemoryDeadLetters implements DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(MemoryDeadLetters.class);

  private final Room room;
  private final TreeMap<Long, DeadLetter> waiting = new TreeMap<>();
  private long places;

  MemoryDeadLetters(MemoryFeedConfiguration configuration) {
    this.room = new Room(configuration.deadLetters(), configuration.capacityBytes());
  }

  synchronized void add(Delivery delivery, Rejection rejection) {
    append(DeadLetter.of(delivery, rejection));
  }

  @Override
  public void add(ChangeMessage message, Instant receivedAt, Rejection rejection) {
    append(DeadLetter.of(message, receivedAt, rejection));
  }

  private synchronized void append(DeadLetter letter) {
    put(places++, letter);
  }

  private synchronized void put(long place, DeadLetter letter) {
    while (!room.tryTake(size(letter))) {
      takeFirst();
      log.warn(
          "No room for more than {} dead letters: the oldest is gone. freshet.memory.dead-letters"
              + " keeps more, of at most freshet.memory.capacity-bytes",
          waiting.size());
    }
    waiting.put(place, letter);
  }

  private static int size(DeadLetter letter) {
    return letter.message().size();
  }

  /** Those that wait, oldest first. */
  synchronized List<DeadLetter> all() {
    return List.copyOf(waiting.values());
  }

  @Override
  public DeadLetterBrowser open() {
    return new Held();
  }

  @Override
  public synchronized long count() {
    return waiting.size();
  }

  private synchronized Optional<Map.Entry<Long, DeadLetter>> takeFirst() {
    var first = Optional.ofNullable(waiting.pollFirstEntry());
    first.ifPresent(entry -> room.release(size(entry.getValue())));
    return first;
  }

  private final class Held implements DeadLetterBrowser {

    private final Map<String, Map.Entry<Long, DeadLetter>> inHand = new HashMap<>();

    @Override
    public Optional<DeadLetter> next() {
      var first = takeFirst();
      first.ifPresent(entry -> inHand.put(entry.getValue().id(), entry));
      return first.map(Map.Entry::getValue);
    }

    @Override
    public void remove(DeadLetter letter) {
      inHand.remove(letter.id());
    }

    @Override
    public void replace(DeadLetter letter, Rejection rejection) {
      if (inHand.remove(letter.id()) != null) {
        append(letter.rejectedAgain(rejection));
      }
    }

    @Override
    public void close() {
      inHand.values().forEach(entry -> put(entry.getKey(), entry.getValue()));
      inHand.clear();
    }
  }
}
