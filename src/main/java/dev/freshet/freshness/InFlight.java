package dev.freshet.freshness;

import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one partition that were taken and are not settled, in the order in which they
 * were taken. What a settled message proves counts once all before it are settled. Only the open
 * ones are kept: a settled one hands what it proves to the open one before it.
 */
final class InFlight {

  /** An open message with what was settled behind it, or the start of the row. */
  private static final class Entry {
    private final @Nullable Delivery delivery;
    private boolean clean;
    private @Nullable DocumentChange change;
    private Reached proven = Reached.NOTHING;
    private boolean cleanBehind;
    private @Nullable Entry previous;
    private @Nullable Entry next;

    Entry(@Nullable Delivery delivery, boolean clean) {
      this.delivery = delivery;
      this.clean = clean;
    }
  }

  private final Entry start = new Entry(null, true);
  private Entry last = start;
  private final IdentityHashMap<Delivery, Entry> open = new IdentityHashMap<>();

  /**
   * Adds a message behind all others.
   *
   * @param aloneSince since when nobody else can hold anything that was sent before
   */
  void take(Delivery delivery, Optional<Instant> aloneSince) {
    var entry =
        new Entry(delivery, aloneSince.filter(since -> isClean(delivery, since)).isPresent());
    entry.previous = last;
    last.next = entry;
    last = entry;
    open.put(delivery, entry);
  }

  /** What others held came back before that time, so it stands before what arrived later. */
  private static boolean isClean(Delivery delivery, Instant aloneSince) {
    return aloneSince.equals(Instant.MIN)
        || (!delivery.isRedelivered() && delivery.receivedAt().isAfter(aloneSince));
  }

  /** Says what an open message does. */
  void read(Delivery delivery, DocumentChange change) {
    Entry entry = open.get(delivery);
    if (entry != null) {
      entry.change = change;
    }
  }

  /** A message that is not open any more changes nothing. */
  void settle(Delivery delivery, SourceProgress progress) {
    Entry entry = open.remove(delivery);
    if (entry != null) {
      Entry before = unlink(entry);
      before.proven = before.proven.and(Reached.by(progress)).and(entry.proven);
      before.cleanBehind |= entry.clean || entry.cleanBehind;
    }
  }

  /**
   * Drops the messages that will come again, looking at them in their order: behind one of a lost
   * connection all are lost. What was settled behind them proves nothing until they have come.
   *
   * @param dropped gets their changes, as far as they were read, while they are still here
   */
  void drop(Predicate<Delivery> comesAgain, Consumer<DocumentChange> dropped) {
    for (Entry entry = start.next; entry != null; entry = entry.next) {
      Delivery delivery = Objects.requireNonNull(entry.delivery);
      if (comesAgain.test(delivery)) {
        if (entry.change != null) {
          dropped.accept(entry.change);
        }
        unlink(entry);
        open.remove(delivery);
      }
    }
  }

  private Entry unlink(Entry entry) {
    Entry before = Objects.requireNonNull(entry.previous);
    before.next = entry.next;
    if (entry.next == null) {
      last = before;
    } else {
      entry.next.previous = before;
    }
    return before;
  }

  /** What the settled messages before the first open one prove, if nobody else holds any. */
  Reached reached() {
    return start.proven;
  }

  /** Whether a clean message was settled, and all before it, since the last {@link #doubt}. */
  boolean isClean() {
    return start.cleanBehind;
  }

  /** Others may hold messages that were sent before these. */
  void doubt() {
    for (Entry entry = start; entry != null; entry = entry.next) {
      entry.clean = false;
      entry.cleanBehind = false;
    }
  }

  int size() {
    return open.size();
  }

  /** The changes of the open messages that were read, in the order in which they were taken. */
  List<DocumentChange> changes() {
    var changes = new ArrayList<DocumentChange>();
    for (Entry entry = start.next; entry != null; entry = entry.next) {
      if (entry.change != null) {
        changes.add(entry.change);
      }
    }
    return changes;
  }
}
