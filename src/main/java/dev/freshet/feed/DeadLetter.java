package dev.freshet.feed;

import java.time.Instant;
import java.util.HashMap;
import java.util.UUID;
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

  /** A message that is given up now, with what must not change with the configuration later. */
  public static DeadLetter of(Delivery delivery, Rejection rejection) {
    return of(delivery.message(), delivery.receivedAt(), rejection);
  }

  /** The same of a message that the feed has not delivered. */
  public static DeadLetter of(ChangeMessage message, Instant receivedAt, Rejection rejection) {
    return rejected(UUID.randomUUID().toString(), message, rejection, receivedAt);
  }

  /** The same one under its id, given up for another reason. */
  public DeadLetter rejectedAgain(Rejection rejection) {
    return rejected(id, message, rejection, receivedAt);
  }

  private static DeadLetter rejected(
      String id, ChangeMessage message, Rejection rejection, Instant receivedAt) {
    var headers = new HashMap<String, String>();
    headers.put(REASON_HEADER, rejection.reason().label());
    Integer sourceEpoch = rejection.sourceEpoch();
    if (sourceEpoch != null) {
      headers.put(SOURCE_EPOCH_HEADER, sourceEpoch.toString());
    }
    return new DeadLetter(
        id,
        message.withHeaders(headers),
        rejection.reason().label(),
        rejection.detail(),
        rejection.failedAt(),
        receivedAt);
  }
}
