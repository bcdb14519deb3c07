package dev.freshet.freshness;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.ledger.Watermark;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a row of settled messages proves together. */
record Reached(@Nullable CommitPosition position, @Nullable Instant commitTime) {

  static final Reached NOTHING = new Reached(null, null);

  static Reached by(SourceProgress progress) {
    return new Reached(progress.proof(), progress.commitTime());
  }

  Reached and(Reached other) {
    return new Reached(max(position, other.position), max(commitTime, other.commitTime));
  }

  /**
   * What both prove, each of a partition of its own. Commit times rise with the positions, so the
   * time is that of the lower one.
   */
  Reached lower(Reached other) {
    if (position == null || other.position == null) {
      return NOTHING;
    }
    return position.compareTo(other.position) <= 0 ? this : other;
  }

  private static <T extends Comparable<? super T>> @Nullable T max(
      @Nullable T one, @Nullable T other) {
    return one == null || (other != null && other.compareTo(one) > 0) ? other : one;
  }

  /** Whether a commit, or a time of one, is proven that is not known yet. */
  boolean exceeds(@Nullable Watermark known) {
    return watermark().filter(own -> known == null || !known.max(own).equals(known)).isPresent();
  }

  Optional<Watermark> watermark() {
    return position == null ? Optional.empty() : Optional.of(new Watermark(position, commitTime));
  }
}
