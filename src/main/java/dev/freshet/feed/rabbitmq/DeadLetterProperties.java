package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.freshet.PlausibleTime;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Rejection;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Marks a message that goes to the dead-letter queue. */
final class DeadLetterProperties {

  static final String ID = "x-freshet-id";
  static final String RECEIVED_AT = "x-freshet-received-at";
  static final String REASON = DeadLetter.REASON_HEADER;
  static final String SOURCE_EPOCH = DeadLetter.SOURCE_EPOCH_HEADER;
  static final String DETAIL = "x-freshet-detail";
  static final String FAILED_AT = "x-freshet-failed-at";
  static final String ROUTING_KEY = "x-freshet-routing-key";
  static final String EXCHANGE = "x-freshet-exchange";

  /** All headers of a message share one frame, so a detail must not fill it. */
  static final int MAX_DETAIL = 1_000;

  private static final int PERSISTENT = 2;

  private DeadLetterProperties() {}

  /**
   * The message's own properties and headers with the reason added, and without what would change
   * the way of the copy: its expiration, further routing keys, a user that the broker would compare
   * with ours, and what the broker noted of earlier deaths.
   */
  static BasicProperties properties(
      BasicProperties original, Envelope envelope, Instant receivedAt, Rejection rejection) {
    Map<String, Object> headers = headers(original.getHeaders(), rejection);
    headers.put(ID, UUID.randomUUID().toString());
    headers.put(RECEIVED_AT, receivedAt.toString());
    headers.put(ROUTING_KEY, envelope.getRoutingKey());
    headers.put(EXCHANGE, envelope.getExchange());
    return properties(original, headers);
  }

  /** The same of a message that has not come over RabbitMQ. */
  static BasicProperties ofMessage(
      ChangeMessage message, String exchange, Instant receivedAt, Rejection rejection) {
    var original =
        new BasicProperties.Builder()
            .deliveryMode(PERSISTENT)
            .headers(new HashMap<>(message.headers()))
            .build();
    return properties(
        original, new Envelope(0, false, exchange, message.routingKey()), receivedAt, rejection);
  }

  /** The same without the message's own headers, which may leave no room. */
  static BasicProperties withoutOwnHeaders(
      BasicProperties original, Envelope envelope, Instant receivedAt, Rejection rejection) {
    return properties(original.builder().headers(null).build(), envelope, receivedAt, rejection);
  }

  /** The same of a dead letter that failed again: what the first failure said stays, but why. */
  static BasicProperties again(BasicProperties original, DeadLetter letter, Rejection rejection) {
    Map<String, Object> headers = headers(original.getHeaders(), rejection);
    headers.put(ID, letter.id());
    headers.put(RECEIVED_AT, letter.receivedAt().toString());
    headers.put(ROUTING_KEY, letter.message().routingKey());
    return properties(original, headers);
  }

  /**
   * When the message first arrived, where it is a dead letter that somebody put back on the queue:
   * never later than now, and no time that is not believed.
   */
  static Instant receivedAt(Map<String, String> headers, Instant now) {
    return instant(headers.get(RECEIVED_AT), now).filter(first -> first.isBefore(now)).orElse(now);
  }

  /** A header's time; empty where it is none, or one that is not believed. */
  static Optional<Instant> instant(@Nullable String text, Instant now) {
    try {
      return Optional.ofNullable(text)
          .map(Instant::parse)
          .filter(time -> PlausibleTime.isPlausible(time, now));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static BasicProperties properties(BasicProperties original, Map<String, Object> headers) {
    return original
        .builder()
        .headers(headers)
        .deliveryMode(PERSISTENT)
        .expiration(null)
        .userId(null)
        .build();
  }

  private static Map<String, Object> headers(
      @Nullable Map<String, Object> original, Rejection rejection) {
    Map<String, Object> headers = new HashMap<>();
    if (original != null) {
      headers.putAll(original);
    }
    headers.remove("CC");
    headers.remove("BCC");
    // What the broker noted of an earlier death does not speak of this one.
    headers.keySet().removeIf(DeadLetterProperties::isDeath);
    headers.put(REASON, rejection.reason().label());
    headers.put(DETAIL, cut(rejection.detail()));
    headers.put(FAILED_AT, rejection.failedAt().toString());
    Integer sourceEpoch = rejection.sourceEpoch();
    if (sourceEpoch != null) {
      headers.put(SOURCE_EPOCH, sourceEpoch.toString());
    }
    return headers;
  }

  private static boolean isDeath(String header) {
    return header.equals("x-death")
        || header.startsWith("x-first-death-")
        || header.startsWith("x-last-death-");
  }

  static String cut(String detail) {
    if (detail.length() <= MAX_DETAIL) {
      return detail;
    }
    int end = Character.isHighSurrogate(detail.charAt(MAX_DETAIL - 2)) ? 2 : 1;
    return detail.substring(0, MAX_DETAIL - end) + "…";
  }
}
