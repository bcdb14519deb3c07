package dev.freshet.freshness;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.ledger.Watermark;
import org.jspecify.annotations.Nullable;

/**
 * The watermark as it may be told: it is saved, and does not go back.
 *
 * @param watermark null while none is known
 * @param exact whether nobody else can hold a message that was sent before, and none has left the
 *     feed unsettled of which nothing is known
 * @param obstacle one sentence on why it cannot rise, or may be wrong; null while it can and is not
 * @param comparable whether a position of the source can be compared with it at all
 */
public record PublishedWatermark(
    @Nullable Watermark watermark, boolean exact, @Nullable String obstacle, boolean comparable) {

  static final PublishedWatermark UNKNOWN = new PublishedWatermark(null, true, null, true);

  /** Whether every commit before the place is searchable, or known to have failed. */
  public boolean reaches(CommitPosition place) {
    return comparable && watermark != null && watermark.position().reaches(place);
  }
}
