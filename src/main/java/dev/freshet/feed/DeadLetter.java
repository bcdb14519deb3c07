package dev.freshet.feed;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that was given up, by Freshet or by whoever else puts messages there.
 *
 * @param id names it for as long as it is a dead letter; equal copies have different ids
 * @param message as it came, with the routing key that it first had
 * @param reason the label of a {@link dev.freshet.RejectionReason}, or the feed's own word, such as
 *     RabbitMQ's {@code expired}; {@code unknown} where nobody said
 * @param detail what is wrong and how to mend it; null where nobody said
 * @param failedAt when it was given up; null where nobody said
 * @param receivedAt when it first arrived, as far as that is known: the position of a message that
 *     carries none
 */
public record DeadLetter(
    String id,
    ChangeMessage message,
    String reason,
    @Nullable String detail,
    @Nullable Instant failedAt,
    Instant receivedAt) {

  /** The reason of a dead letter of which nobody said why it is one. */
  public static final String UNKNOWN = "unknown";

  /** The header that a message has as a dead letter, and keeps when it is put back: the reason. */
  public static final String REASON_HEADER = "x-freshet-reason";

  /** Likewise the count of the source's restarts under which it was read. */
  public static final String SOURCE_EPOCH_HEADER = "x-freshet-source-epoch";
}
