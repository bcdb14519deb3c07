package dev.freshet.feed.rabbitmq;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.MapFormat;
import io.micronaut.core.convert.format.ReadableBytes;
import io.micronaut.core.naming.conventions.StringConvention;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which queue Freshet consumes and how. Where the broker is stands under {@code rabbitmq}.
 *
 * @param routingKeys one binding of the queue each; the first one is also the dead letters' routing
 *     key
 * @param deadLetterQueue empty means {@code <queue>.dlq}
 * @param prefetch how many messages the broker sends ahead of their acknowledgement
 * @param prefetchBytes how many bytes of messages are held before their acknowledgement; a larger
 *     message is held alone
 * @param unroutedMaxLength how many unrouted events are kept when Freshet creates the exchange; 0
 *     keeps none
 * @param timeout how long the broker may take to answer or to confirm
 * @param retryDelay how long the first attempt to connect again waits; each further one doubles it
 * @param verifyCertificate whether amqps requires a certificate that this JVM trusts and that names
 *     the host
 * @param topology whether exchanges and queues are declared
 * @param queueType of the queue, where Freshet creates it; null leaves it to the broker
 * @param queueArguments further ones of the queue, where Freshet creates it
 */
@ConfigurationProperties("freshet.rabbitmq")
record RabbitmqConfiguration(
    @Bindable(defaultValue = "db.events") String exchange,
    @Bindable(defaultValue = "llama.index.queue") String queue,
    @Bindable(defaultValue = "public.products.#") List<String> routingKeys,
    @Bindable(defaultValue = "db.events.dlx") String deadLetterExchange,
    @Bindable(defaultValue = "") String deadLetterQueue,
    @Bindable(defaultValue = "llama-indexer-consumer") String consumerTag,
    @Bindable(defaultValue = "500") int prefetch,
    @ReadableBytes @Bindable(defaultValue = "32MB") long prefetchBytes,
    @Bindable(defaultValue = "10000") int unroutedMaxLength,
    @Bindable(defaultValue = "10s") Duration timeout,
    @Bindable(defaultValue = "500ms") Duration retryDelay,
    @Bindable(defaultValue = "30s") Duration maxRetryDelay,
    @Bindable(defaultValue = "true") boolean verifyCertificate,
    @Bindable(defaultValue = "declare") TopologyMode topology,
    @Nullable QueueType queueType,
    @Nullable
        @MapFormat(
            transformation = MapFormat.MapTransformation.FLAT,
            keyFormat = StringConvention.RAW)
        Map<String, Object> queueArguments) {

  /** AMQP counts the prefetch in 16 bits, and 0 is no limit at all. */
  private static final int MAX_PREFETCH = 65_535;

  private static final int MAX_ROUTING_KEY = 255;

  RabbitmqConfiguration {
    routingKeys = List.copyOf(routingKeys);
    queueArguments = QueueArguments.of(queueArguments == null ? Map.of() : queueArguments);
    deadLetterQueue = deadLetterQueue.isEmpty() ? queue + ".dlq" : deadLetterQueue;
    require(!exchange.isBlank(), "exchange", "is empty; name the exchange of the change events");
    require(!queue.isBlank(), "queue", "is empty; name the queue to consume");
    require(!deadLetterExchange.isBlank(), "dead-letter-exchange", "is empty; name an exchange");
    require(!routingKeys.isEmpty(), "routing-keys", "is empty; list one at least");
    routingKeys.forEach(RabbitmqConfiguration::requireRoutingKey);
    require(prefetch >= 1 && prefetch <= MAX_PREFETCH, "prefetch", "is not between 1 and 65535");
    require(prefetchBytes >= 1, "prefetch-bytes", "is less than 1; write it as 32MB");
    require(unroutedMaxLength >= 0, "unrouted-max-length", "is negative; 0 keeps none");
    require(isPositive(timeout), "timeout", "is not positive; write it as 10s");
    require(isPositive(retryDelay), "retry-delay", "is not positive; write it as 500ms");
    require(
        maxRetryDelay.compareTo(retryDelay) >= 0, "max-retry-delay", "is less than retry-delay");
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private static void require(boolean condition, String key, String fault) {
    if (!condition) {
      throw new IllegalArgumentException("freshet.rabbitmq.%s %s".formatted(key, fault));
    }
  }

  /**
   * Refuses a key that RabbitMQ takes and that matches nothing.
   *
   * @see <a href="https://www.rabbitmq.com/tutorials/tutorial-five-java">Topic patterns</a>
   */
  private static void requireRoutingKey(String routingKey) {
    String quoted = "has '" + routingKey + "': ";
    require(
        !routingKey.isBlank() && routingKey.equals(routingKey.strip()),
        "routing-keys",
        quoted + "write a key without blanks around it, such as public.products.#");
    require(
        routingKey.getBytes(StandardCharsets.UTF_8).length <= MAX_ROUTING_KEY,
        "routing-keys",
        quoted + "a routing key has at most 255 bytes");
    for (String word : routingKey.split("\\.", -1)) {
      require(
          word.length() == 1 || !(word.contains("*") || word.contains("#")),
          "routing-keys",
          quoted + "* and # stand for a whole word between dots, as in public.*");
    }
  }

  /** The routing key under which dead letters reach their queue. */
  String deadLetterRoutingKey() {
    return routingKeys.get(0);
  }

  /** What the queue is declared with. */
  Map<String, Object> allQueueArguments() {
    Map<String, Object> all = new HashMap<>(queueArguments);
    all.put(QueueArguments.DEAD_LETTER_EXCHANGE, deadLetterExchange);
    all.put(QueueArguments.DEAD_LETTER_ROUTING_KEY, deadLetterRoutingKey());
    if (queueType != null) {
      all.put(QueueArguments.TYPE, queueType.label());
    }
    return all;
  }

  /** The exchange, and the queue, of events that no binding takes. */
  String unrouted() {
    return exchange + ".unrouted";
  }
}
