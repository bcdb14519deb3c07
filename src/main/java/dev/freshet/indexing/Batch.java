package dev.freshet.indexing;

import dev.freshet.RejectedException;
import dev.freshet.changeevent.LogContext;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.document.MappingResult.Refused;
import dev.freshet.document.MessageReader;
import dev.freshet.document.ReadMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch's messages, decoded and mapped: each changes the index, has no bearing on it, or is
 * rejected.
 */
record Batch(List<Change> changes, List<Skipped> skipped, List<Faulty> faulty) {

  /** A message that changes the index. */
  record Change(
      Delivery delivery, DocumentChange change, SourceProgress progress, MessageTrace trace) {

    /**
     * It can never be indexed.
     *
     * @param proven what it shows of the source all the same
     */
    Faulty rejected(Rejection rejection, SourceProgress proven) {
      DocumentId document = change.document().orElse(null);
      return new Faulty(delivery, rejection, document, change.origin(), proven, trace);
    }
  }

  /** A message that does not affect the index. */
  record Skipped(Delivery delivery, Ignored ignored, SourceProgress progress, MessageTrace trace) {}

  /**
   * A message that can never be indexed.
   *
   * @param document what it is about; null where that cannot be read
   * @param origin where its event comes from; null where that cannot be read
   */
  record Faulty(
      Delivery delivery,
      Rejection rejection,
      @Nullable DocumentId document,
      @Nullable Origin origin,
      SourceProgress progress,
      MessageTrace trace) {

    @Nullable Position position() {
      return origin == null ? null : origin.position();
    }

    @Nullable Long txId() {
      return origin == null ? null : origin.txId();
    }
  }

  /** The batch's one message, which can never be indexed; it shows nothing of the source. */
  Faulty rejected(Rejection rejection) {
    if (!changes.isEmpty()) {
      return changes.get(0).rejected(rejection, SourceProgress.NONE);
    }
    if (!faulty.isEmpty()) {
      Faulty one = faulty.get(0);
      return new Faulty(
          one.delivery(),
          rejection,
          one.document(),
          one.origin(),
          SourceProgress.NONE,
          one.trace());
    }
    Skipped one = skipped.get(0);
    return new Faulty(one.delivery(), rejection, null, null, SourceProgress.NONE, one.trace());
  }

  static Batch of(List<Delivery> deliveries, MessageReader reader, Tracing tracing, Clock clock) {
    var changes = new ArrayList<Change>();
    var skipped = new ArrayList<Skipped>();
    var faulty = new ArrayList<Faulty>();
    for (Delivery delivery : deliveries) {
      MessageTrace trace = tracing.begin(delivery);
      LogContext.set(trace.context());
      try {
        ReadMessage read = reader.read(delivery.message(), delivery.receivedAt());
        if (read.result() instanceof Mapped mapped) {
          trace.read(mapped.change());
          changes.add(new Change(delivery, mapped.change(), read.progress(), trace));
        } else if (read.result() instanceof Ignored ignored) {
          skipped.add(new Skipped(delivery, ignored, read.progress(), trace));
        } else if (read.result() instanceof Refused refused) {
          var rejection = Rejection.of(refused.cause(), clock.instant());
          faulty.add(
              new Faulty(
                  delivery,
                  rejection,
                  refused.document(),
                  refused.origin(),
                  read.progress(),
                  trace));
        }
      } catch (RejectedException e) {
        var rejection = Rejection.of(e, clock.instant());
        faulty.add(new Faulty(delivery, rejection, null, null, SourceProgress.NONE, trace));
      } finally {
        LogContext.clear();
      }
    }
    return new Batch(changes, skipped, faulty);
  }
}
