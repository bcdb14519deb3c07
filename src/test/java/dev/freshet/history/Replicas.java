package dev.freshet.history;

import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Two instances that take from one queue, crash, and race each other. */
final class Replicas {

  private static final int MOST_OF_A_BATCH = 6;

  private final ChangeEventDecoder decoder =
      new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE);
  private final DocumentMapper mapper = new DocumentMapper(new TableMappings(Map.of()));
  private final RacingStore store;
  private final Supplier<IndexSink> start;
  private final IndexSink[] sinks;
  private final Disorder disorder;
  private final Random random;
  private final Deque<ChangeMessage> queue = new ArrayDeque<>();
  private final List<ChangeMessage> incomplete = new ArrayList<>();

  /**
   * @param start starts an instance, anew after a crash
   */
  Replicas(RacingStore store, Supplier<IndexSink> start, Disorder disorder) {
    this.store = store;
    this.start = start;
    this.sinks = new IndexSink[] {start.get(), start.get()};
    this.disorder = disorder;
    this.random = new Random(disorder.seed());
  }

  /**
   * Applies all messages.
   *
   * @return those that could not be completed even then
   */
  List<Outcome> apply(List<ChangeMessage> messages) {
    queue.addAll(disorder.deliveries(messages, random));
    while (!queue.isEmpty()) {
      applyBatch();
    }
    return outcomes(0, incomplete).stream().filter(Outcome.Incomplete.class::isInstance).toList();
  }

  private void applyBatch() {
    int replica = random.nextInt(sinks.length);
    if (random.nextInt(100) < disorder.races()) {
      List<ChangeMessage> other = take();
      store.beforeNextCommit(() -> settle(1 - replica, other));
    }
    settle(replica, take());
    store.runPending();
  }

  private List<ChangeMessage> take() {
    var batch = new ArrayList<ChangeMessage>();
    for (int left = 1 + random.nextInt(MOST_OF_A_BATCH); left > 0 && !queue.isEmpty(); left--) {
      batch.add(queue.remove());
    }
    return batch;
  }

  private void settle(int replica, List<ChangeMessage> batch) {
    List<Outcome> outcomes = outcomes(replica, batch);
    if (random.nextInt(100) < disorder.crashes()) {
      sinks[replica] = start.get();
      batch.forEach(queue::addFirst);
      return;
    }
    int i = 0;
    for (ChangeMessage message : batch) {
      if (change(message).isEmpty()) {
        continue;
      }
      if (outcomes.get(i++) instanceof Outcome.Incomplete) {
        incomplete.add(message);
      }
    }
  }

  private List<Outcome> outcomes(int replica, List<ChangeMessage> batch) {
    List<DocumentChange> changes = batch.stream().flatMap(one -> change(one).stream()).toList();
    return changes.isEmpty() ? List.of() : sinks[replica].apply(changes);
  }

  private List<DocumentChange> change(ChangeMessage message) {
    return mapper.map(decoder.decode(message, Instant.EPOCH)) instanceof Mapped mapped
        ? List.of(mapped.change())
        : List.of();
  }
}
