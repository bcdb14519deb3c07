package dev.freshet.feed.rabbitmq;

import dev.freshet.RejectionReason;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What RabbitMQ notes of a message that it dead-lettered itself.
 *
 * @param queue the one that it left; null where it is missing
 * @param reason RabbitMQ's word: {@code rejected}, {@code expired}, {@code maxlen}, {@code
 *     delivery_limit}
 * @param at in whole seconds; null where it is missing
 * @param routingKey the one that the message was published with; null where it is missing
 * @see <a href="https://www.rabbitmq.com/docs/dlx#effects">Dead-lettered effects on messages</a>
 */
record DeathRecord(
    @Nullable String queue, String reason, @Nullable Instant at, @Nullable String routingKey) {

  private static final String HEADER = "x-death";

  /** The first of its deaths. */
  static Optional<DeathRecord> first(@Nullable Map<String, Object> headers) {
    List<?> deaths = deaths(headers);
    return deaths.isEmpty() ? Optional.empty() : read(deaths.get(deaths.size() - 1));
  }

  /** The newest of its deaths. */
  static Optional<DeathRecord> last(@Nullable Map<String, Object> headers) {
    List<?> deaths = deaths(headers);
    return deaths.isEmpty() ? Optional.empty() : read(deaths.get(0));
  }

  /** The newest stands first; anyone may have written anything there. */
  private static List<?> deaths(@Nullable Map<String, Object> headers) {
    return headers != null && headers.get(HEADER) instanceof List<?> deaths ? deaths : List.of();
  }

  private static Optional<DeathRecord> read(@Nullable Object entry) {
    return entry instanceof Map<?, ?> death && death.get("reason") != null
        ? Optional.of(of(death))
        : Optional.empty();
  }

  private static DeathRecord of(Map<?, ?> death) {
    Instant at = death.get("time") instanceof Date time ? time.toInstant() : null;
    String routingKey =
        death.get("routing-keys") instanceof List<?> keys && !keys.isEmpty()
            ? String.valueOf(keys.get(0))
            : null;
    return new DeathRecord(
        death.get("queue") == null ? null : String.valueOf(death.get("queue")),
        String.valueOf(death.get("reason")),
        at,
        routingKey);
  }

  /** Freshet's word for the reason, or RabbitMQ's where Freshet has none. */
  String label() {
    return known().map(RejectionReason::label).orElse(reason);
  }

  /** What happened and what helps, for people. */
  String detail() {
    return known()
        .map(this::detail)
        .orElseGet(
            () -> "RabbitMQ put it away itself (%s), from queue %s".formatted(reason, queue));
  }

  private Optional<RejectionReason> known() {
    return Optional.ofNullable(
        switch (reason) {
          case "delivery_limit" -> RejectionReason.DELIVERY_LIMIT;
          case "expired" -> RejectionReason.EXPIRED;
          case "maxlen" -> RejectionReason.MAX_LENGTH;
          case "rejected" -> RejectionReason.REJECTED;
          default -> null;
        });
  }

  private String detail(RejectionReason why) {
    return switch (why) {
      case DELIVERY_LIMIT ->
          "RabbitMQ delivered it from queue %s as often as the queue's delivery limit allows, and it"
                  .formatted(queue)
              + " came back each time (a pause, a crash, a lost connection); raise x-delivery-limit"
              + " and replay it";
      case EXPIRED ->
          "it waited in queue %s for longer than its time to live; take the message TTL away and"
                  .formatted(queue)
              + " replay it";
      case MAX_LENGTH ->
          "queue %s was full, and RabbitMQ pushed it out; raise x-max-length and replay it"
              .formatted(queue);
      default ->
          "a consumer rejected it from queue %s; find out which one, and replay it"
              .formatted(queue);
    };
  }
}
