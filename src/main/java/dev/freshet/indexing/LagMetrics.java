package dev.freshet.indexing;

import dev.freshet.Buckets;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.freshness.Lag;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.Stage;
import dev.freshet.sink.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long live changes are under way. Not measured are a snapshot's rows, of which the
 * commit may be years ago, and messages that were put on the feed again.
 */
final class LagMetrics {

  private final Map<Stage, Timer> timers = new EnumMap<>(Stage.class);
  private final LagHistory history;

  LagMetrics(MeterRegistry registry, LagHistory history) {
    this.history = history;
    for (Stage stage : Stage.values()) {
      timers.put(
          stage,
          Buckets.of(Timer.builder("freshet.lag"))
              .description("How long live changes were under way, by stage; total is all stages")
              .tag("stage", stage.label())
              .register(registry));
    }
  }

  /** So many messages are settled. */
  void settled(int messages) {
    history.settled(messages);
  }

  /** A message that was settled was a change of a row, or was given up. */
  void changed() {
    history.changed();
  }

  void applied(ChangeMessage message, DocumentChange change, Outcome outcome, Instant at) {
    boolean written = outcome instanceof Outcome.Indexed || outcome instanceof Outcome.Deleted;
    if (written) {
      history.indexed();
    }
    if ((written || outcome instanceof Outcome.Unchanged) && isLive(message, change)) {
      Lag lag = Lag.of(change.origin(), embeddedAt(outcome), at);
      lag.stages().forEach(this::record);
      history.record(lag);
    }
  }

  private void record(Stage stage, Duration duration) {
    Timer timer = timers.get(stage);
    if (timer != null) {
      timer.record(duration);
    }
  }

  private static boolean isLive(ChangeMessage message, DocumentChange change) {
    boolean again =
        message.headers().containsKey(DeadLetter.REASON_HEADER)
            || message.headers().containsKey(ChangeMessage.REPLAY_HEADER);
    boolean snapshot = change.origin().position() instanceof WalPosition wal && wal.snapshot();
    return !again && !snapshot;
  }

  private static @Nullable Instant embeddedAt(Outcome outcome) {
    return outcome instanceof Outcome.Indexed indexed ? indexed.embeddedAt() : null;
  }
}
