package dev.freshet.changeevent;

import dev.freshet.RejectionReason;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often the source started its LSN again. A dead letter keeps the count under which it
 * was read, else one of the former source would win over what the present one sent. Not so one that
 * was given up because the source had started again, or because it is of another source: the count
 * is raised for its sake.
 *
 * @param current the configured count
 */
record SourceEpoch(int current) {

  /** The epoch of a message: that which it carries, where it is one that has been. */
  int of(ChangeMessage message) {
    String reason = message.headers().get(DeadLetter.REASON_HEADER);
    if (RejectionReason.SOURCE_RESTARTED.label().equals(reason)
        || RejectionReason.OTHER_SOURCE.label().equals(reason)) {
      return current;
    }
    int carried = number(message.headers().get(DeadLetter.SOURCE_EPOCH_HEADER));
    return carried >= 0 && carried <= current ? carried : current;
  }

  private static int number(@Nullable String text) {
    try {
      return text == null ? -1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
