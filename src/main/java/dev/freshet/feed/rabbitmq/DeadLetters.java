package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.freshet.feed.Rejection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Marks a message that goes to the dead-letter queue. */
final class DeadLetters {

  static final String REASON = "x-freshet-reason";
  static final String DETAIL = "x-freshet-detail";
  static final String FAILED_AT = "x-freshet-failed-at";
  static final String ROUTING_KEY = "x-freshet-routing-key";
  static final String EXCHANGE = "x-freshet-exchange";

  /** All headers of a message share one frame, so a detail must not fill it. */
  static final int MAX_DETAIL = 1_000;

  private static final int PERSISTENT = 2;

  private DeadLetters() {}

  /**
   * The message's own properties and headers with the reason added, and without what would change
   * the way of the copy: its expiration, further routing keys, and a user that the broker would
   * compare with ours.
   */
  static BasicProperties properties(
      BasicProperties original, Envelope envelope, Rejection rejection) {
    return original
        .builder()
        .headers(headers(original.getHeaders(), envelope, rejection))
        .deliveryMode(PERSISTENT)
        .expiration(null)
        .userId(null)
        .build();
  }

  private static Map<String, Object> headers(
      @Nullable Map<String, Object> original, Envelope envelope, Rejection rejection) {
    Map<String, Object> headers = new HashMap<>();
    if (original != null) {
      headers.putAll(original);
    }
    headers.remove("CC");
    headers.remove("BCC");
    headers.put(REASON, rejection.reason().label());
    headers.put(DETAIL, cut(rejection.detail()));
    headers.put(FAILED_AT, rejection.failedAt().toString());
    headers.put(ROUTING_KEY, envelope.getRoutingKey());
    headers.put(EXCHANGE, envelope.getExchange());
    return headers;
  }

  private static String cut(String detail) {
    if (detail.length() <= MAX_DETAIL) {
      return detail;
    }
    int end = Character.isHighSurrogate(detail.charAt(MAX_DETAIL - 2)) ? 2 : 1;
    return detail.substring(0, MAX_DETAIL - end) + "…";
  }
}
