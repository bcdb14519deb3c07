package dev.freshet.feed;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import java.time.Instant;

/**
 * Why and when a message was given up.
 *
 * @param detail what is wrong and how to mend it; never holds a column's value
 */
public record Rejection(RejectionReason reason, String detail, Instant failedAt) {

  public static Rejection of(RejectedException failure, Instant failedAt) {
    return new Rejection(failure.reason(), failure.detail(), failedAt);
  }
}
