package dev.freshet.freshness;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether another side answers that is asked again and again. */
final class Answering {

  /** Longer than a moment's load; whoever is asked once a second answers sooner. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private @Nullable Instant unansweredSince;

  /** It is asked; a question that is open already stays the first. */
  synchronized void asked(Instant now) {
    if (unansweredSince == null) {
      unansweredSince = now;
    }
  }

  synchronized void answered() {
    unansweredSince = null;
  }

  /** Since when it has not answered, where that is long. */
  synchronized Optional<Instant> silentSince(Instant now) {
    return Optional.ofNullable(unansweredSince).filter(since -> since.plus(PATIENCE).isBefore(now));
  }
}
