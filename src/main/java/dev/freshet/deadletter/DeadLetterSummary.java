package dev.freshet.deadletter;

import dev.freshet.feed.DeadLetter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter without its body and headers, which may hold any column's value.
 *
 * @param bytes the length of the body
 * @see DeadLetter
 */
public record DeadLetterSummary(
    String id,
    Subject subject,
    String reason,
    @Nullable String detail,
    @Nullable Instant failedAt,
    Instant receivedAt,
    String routingKey,
    long bytes) {

  public static DeadLetterSummary of(DeadLetter letter, Subject subject) {
    return new DeadLetterSummary(
        letter.id(),
        subject,
        letter.reason(),
        letter.detail(),
        letter.failedAt(),
        letter.receivedAt(),
        letter.message().routingKey(),
        letter.message().body().length);
  }
}
