package dev.freshet.freshness;

import dev.freshet.changeevent.SourceProgress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the positions that come in are all of one sequence. */
final class SourceIdentity {

  private static final Logger LOG = LoggerFactory.getLogger(SourceIdentity.class);

  private String source = "";
  private @Nullable String doubt;

  synchronized void see(SourceProgress progress) {
    if (source.isEmpty()) {
      source = progress.source();
    } else if (!progress.source().isEmpty() && !progress.source().equals(source)) {
      doubt(
          "events of several sources (%s and %s) come through one queue, and their positions"
                  .formatted(source, progress.source())
              + " cannot be compared; give each a queue and an index of its own");
    }
  }

  /** From now on no position can be compared with those before. */
  synchronized void doubt(String why) {
    if (doubt == null) {
      LOG.error("The watermark stands still until the next start: {}", why);
      doubt = why;
    }
  }

  /** Why positions cannot be compared; null while they can. */
  synchronized @Nullable String doubt() {
    return doubt;
  }
}
