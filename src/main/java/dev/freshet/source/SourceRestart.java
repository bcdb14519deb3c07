package dev.freshet.source;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether events came that show that the source has started its LSN again. */
public final class SourceRestart {

  private volatile @Nullable Instant firstSeen;

  /** An event came that shows it. */
  public void seen(Instant now) {
    if (firstSeen == null) {
      firstSeen = now;
    }
  }

  /** When the first such event came since the start; empty when none did. */
  public Optional<Instant> firstSeen() {
    return Optional.ofNullable(firstSeen);
  }
}
