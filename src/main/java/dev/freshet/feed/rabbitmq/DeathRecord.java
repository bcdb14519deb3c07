package dev.freshet.feed.rabbitmq;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What RabbitMQ notes of a message that it dead-lettered itself: the first of its deaths.
 *
 * @param reason RabbitMQ's word: {@code rejected}, {@code expired}, {@code maxlen}, {@code
 *     delivery_limit}
 * @param at in whole seconds; null where it is missing
 * @param routingKey the one that the message was published with; null where it is missing
 * @see <a href="https://www.rabbitmq.com/docs/dlx#effects">Dead-lettered effects on messages</a>
 */
record DeathRecord(String reason, @Nullable Instant at, @Nullable String routingKey) {

  private static final String HEADER = "x-death";

  /** Reads the header; anyone may have written anything there. */
  static Optional<DeathRecord> first(@Nullable Map<String, Object> headers) {
    if (headers == null || !(headers.get(HEADER) instanceof List<?> deaths) || deaths.isEmpty()) {
      return Optional.empty();
    }
    // The newest stands first.
    return deaths.get(deaths.size() - 1) instanceof Map<?, ?> death && death.get("reason") != null
        ? Optional.of(of(death))
        : Optional.empty();
  }

  private static DeathRecord of(Map<?, ?> death) {
    Instant at = death.get("time") instanceof Date time ? time.toInstant() : null;
    String routingKey =
        death.get("routing-keys") instanceof List<?> keys && !keys.isEmpty()
            ? String.valueOf(keys.get(0))
            : null;
    return new DeathRecord(String.valueOf(death.get("reason")), at, routingKey);
  }
}
