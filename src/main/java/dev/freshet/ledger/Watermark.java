package dev.freshet.ledger;

import dev.freshet.changeevent.CommitPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The place before which every commit of the source was applied, or is known to have failed.
 *
 * @param commitTime when the newest transaction that was applied was committed; null where no event
 *     said so
 */
public record Watermark(CommitPosition position, @Nullable Instant commitTime) {

  /** The higher place, with the later time. */
  public Watermark max(Watermark other) {
    CommitPosition higher = position.reaches(other.position) ? position : other.position;
    return new Watermark(higher, later(commitTime, other.commitTime));
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isAfter(one)) ? other : one;
  }
}
