package dev.freshet.indexing;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether events came that show that the source has started its LSN again. */
final class SourceRestart {

  private volatile @Nullable Instant firstSeen;

  /** An event came that shows it. */
  void seen(Instant now) {
    if (firstSeen == null) {
      firstSeen = now;
    }
  }

  /** When the first such event came since the start; empty when none did. */
  Optional<Instant> firstSeen() {
    return Optional.ofNullable(firstSeen);
  }
}
