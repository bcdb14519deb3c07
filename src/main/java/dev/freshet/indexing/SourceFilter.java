package dev.freshet.indexing;

import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.indexing.Batch.Faulty;
import dev.freshet.indexing.Batch.Skipped;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceOwnership.Belonging;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps other sources than the index's out of a batch: their changes are rejected, and nothing that
 * they send proves how far the index's source is applied.
 */
final class SourceFilter {

  private final SourceOwnership sources;
  private final MessageReader reader;
  private final Clock clock;

  SourceFilter(SourceOwnership sources, MessageReader reader, Clock clock) {
    this.sources = sources;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * What is left of a batch.
   *
   * @param own whether any of its messages may be of the index's source
   * @param heartbeat whether one of those is a heartbeat
   */
  record Filtered(Batch batch, boolean own, boolean heartbeat) {}

  /**
   * @throws dev.freshet.UnavailableException while the ledger does not say whose the index is
   */
  Filtered filter(Batch batch) {
    var changes = new ArrayList<Change>();
    var faulty = new ArrayList<Faulty>();
    for (Change change : batch.changes()) {
      Belonging belonging = sources.claim(change.progress().source(), epoch(change.delivery()));
      if (belonging == Belonging.FOREIGN) {
        faulty.add(foreign(change.delivery(), change.progress(), change.trace()));
      } else {
        changes.add(
            belonging == Belonging.OWN
                ? change
                : new Change(
                    change.delivery(), change.change(), SourceProgress.NONE, change.trace()));
      }
    }
    boolean own = !changes.isEmpty();
    boolean heartbeat = false;
    var skipped = new ArrayList<Skipped>();
    for (Skipped one : batch.skipped()) {
      Belonging belonging = sources.claim(one.progress().source(), epoch(one.delivery()));
      own |= belonging != Belonging.FOREIGN;
      heartbeat |=
          belonging != Belonging.FOREIGN && one.ignored().reason() == Ignored.Reason.HEARTBEAT;
      skipped.add(
          belonging == Belonging.OWN
              ? one
              : new Skipped(one.delivery(), one.ignored(), SourceProgress.NONE, one.trace()));
    }
    for (Faulty one : batch.faulty()) {
      SourceProgress progress = one.progress();
      boolean foreign =
          sources.belonging(progress.source(), epoch(one.delivery())) == Belonging.FOREIGN;
      own |= !foreign;
      faulty.add(foreign ? foreign(one.delivery(), progress, one.trace()) : one);
    }
    return new Filtered(new Batch(List.copyOf(changes), skipped, faulty), own, heartbeat);
  }

  private Faulty foreign(Delivery delivery, SourceProgress progress, MessageTrace trace) {
    var cause = sources.reject(progress.source(), epoch(delivery));
    return new Faulty(
        delivery, Rejection.of(cause, clock.instant()), null, null, SourceProgress.NONE, trace);
  }

  private int epoch(Delivery delivery) {
    return reader.sourceEpoch(delivery.message());
  }
}
