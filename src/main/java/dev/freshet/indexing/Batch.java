package dev.freshet.indexing;

import dev.freshet.RejectedException;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.MappingResult;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch's messages, decoded and mapped: each changes the index, has no bearing on it, or is
 * rejected.
 */
record Batch(List<Change> changes, List<Skipped> skipped, List<Faulty> faulty) {

  /** A message that changes the index. */
  record Change(Delivery delivery, DocumentChange change) {}

  /** A message that has no bearing on the index. */
  record Skipped(Delivery delivery, Ignored ignored) {}

  /** A message that can never be indexed. */
  record Faulty(Delivery delivery, Rejection rejection) {}

  static Batch of(List<Delivery> deliveries, MessageReader reader, Clock clock) {
    var changes = new ArrayList<Change>();
    var skipped = new ArrayList<Skipped>();
    var faulty = new ArrayList<Faulty>();
    for (Delivery delivery : deliveries) {
      try {
        MappingResult result = reader.read(delivery.message(), delivery.receivedAt());
        if (result instanceof Mapped mapped) {
          changes.add(new Change(delivery, mapped.change()));
        } else if (result instanceof Ignored ignored) {
          skipped.add(new Skipped(delivery, ignored));
        }
      } catch (RejectedException e) {
        faulty.add(new Faulty(delivery, Rejection.of(e, clock.instant())));
      }
    }
    return new Batch(changes, skipped, faulty);
  }

  List<DocumentChange> documentChanges() {
    return changes.stream().map(Change::change).toList();
  }
}
