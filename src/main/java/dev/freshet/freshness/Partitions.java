package dev.freshet.freshness;

import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.Partition;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The messages in flight of each partition of the feed. Together they prove what the partition that
 * is furthest behind proves. A partition of which nothing is known holds all others back, whether
 * it is idle or another consumer has it: what waits there may have been committed before all that
 * the others have settled, and only a message of that partition can show that it was not.
 */
final class Partitions {

  private static final String STRANGER =
      "another consumer, which is not of this index, takes or took messages of the same queue, or"
          + " messages that were given back have not come again; the next one after that mends it";

  private final FeedState feed;
  private final Map<Partition, InFlight> inFlight = new HashMap<>();

  /** As of the last look. */
  private final Map<Partition, Instant> aloneSince = new HashMap<>();

  Partitions(FeedState feed) {
    this.feed = feed;
  }

  private InFlight of(Partition partition) {
    return inFlight.computeIfAbsent(partition, any -> new InFlight());
  }

  /** Another one may have come and gone between two looks; the time it went tells. */
  void lookWhoElseConsumes() {
    for (Partition partition : feed.partitions()) {
      Optional<Instant> now = feed.aloneSince(partition);
      if (now.isEmpty() || !now.get().equals(aloneSince.get(partition))) {
        of(partition).doubt();
      }
      now.ifPresentOrElse(
          since -> aloneSince.put(partition, since), () -> aloneSince.remove(partition));
    }
  }

  /** Whether nobody else consumes now; it may still hold what it took before. */
  boolean consumesAlone() {
    Set<Partition> partitions = feed.partitions();
    return !partitions.isEmpty()
        && partitions.stream().allMatch(partition -> feed.aloneSince(partition).isPresent());
  }

  /** Whether, as of the last look, nobody else consumes, and what others held has come again. */
  boolean isAlone() {
    Set<Partition> partitions = feed.partitions();
    return !partitions.isEmpty()
        && partitions.stream()
            .allMatch(partition -> aloneSince.containsKey(partition) && of(partition).isClean());
  }

  /**
   * Adds messages, each behind all others of its partition.
   *
   * @return whether nobody else takes from their partitions
   */
  boolean take(List<Delivery> deliveries) {
    boolean alone = true;
    for (Delivery delivery : deliveries) {
      Optional<Instant> since = Optional.ofNullable(aloneSince.get(delivery.partition()));
      of(delivery.partition()).take(delivery, since);
      alone &= since.isPresent();
    }
    return alone;
  }

  /** Says what an open message does. */
  void read(Delivery delivery, DocumentChange change) {
    of(delivery.partition()).read(delivery, change);
  }

  /** Settling a message that is settled already changes nothing. */
  void settle(Delivery delivery, SourceProgress progress) {
    of(delivery.partition()).settle(delivery, progress);
  }

  /** Drops the messages that will come again, as {@link InFlight#drop} says. */
  void drop(Predicate<Delivery> comesAgain, Consumer<DocumentChange> dropped) {
    inFlight.values().forEach(one -> one.drop(comesAgain, dropped));
  }

  /** What all partitions prove, if nobody else holds messages of them. */
  Reached reached() {
    return feed.partitions().stream()
        .map(partition -> of(partition).reached())
        .reduce(Reached::lower)
        .orElse(Reached.NOTHING);
  }

  int size() {
    return inFlight.values().stream().mapToInt(InFlight::size).sum();
  }

  /** The changes of the open messages that were read, of each partition in their order. */
  List<DocumentChange> changes() {
    return inFlight.values().stream().flatMap(one -> one.changes().stream()).toList();
  }

  /** One sentence on who else may hold messages. */
  String stranger() {
    if (feed.partitions().size() < 2) {
      return STRANGER;
    }
    return "not all partitions are taken by this instance alone (%s), so how far those are is not"
            .formatted(names(partition -> feed.aloneSince(partition).isEmpty()))
        + " known here";
  }

  /** One sentence on the partitions that hold back what is known of others; empty where none. */
  Optional<String> unknown() {
    Set<Partition> partitions = feed.partitions();
    long known = partitions.stream().filter(this::isKnown).count();
    return known == 0 || known == partitions.size()
        ? Optional.empty()
        : Optional.of(
            "nothing has come yet from some partitions (%s), and what waits there may be older than"
                    .formatted(names(partition -> !isKnown(partition)))
                + " what has come from the others; a heartbeat in each of them mends it");
  }

  private boolean isKnown(Partition partition) {
    return of(partition).reached().position() != null;
  }

  private String names(Predicate<Partition> which) {
    return feed.partitions().stream()
        .filter(which)
        .map(Partition::toString)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
