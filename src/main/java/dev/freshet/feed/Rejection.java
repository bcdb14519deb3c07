package dev.freshet.feed;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why and when a message was given up.
 *
 * @param detail what is wrong and how to mend it; never holds a column's value
 * @param sourceEpoch the count of the source's restarts under which the message was read; null
 *     where nobody said
 */
public record Rejection(
    RejectionReason reason, String detail, Instant failedAt, @Nullable Integer sourceEpoch) {

  public Rejection(RejectionReason reason, String detail, Instant failedAt) {
    this(reason, detail, failedAt, null);
  }

  public static Rejection of(RejectedException failure, Instant failedAt) {
    return new Rejection(failure.reason(), failure.detail(), failedAt);
  }

  public Rejection withSourceEpoch(int epoch) {
    return new Rejection(reason, detail, failedAt, epoch);
  }
}
