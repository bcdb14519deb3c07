package dev.freshet.feed.rabbitmq;

import dev.freshet.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the broker takes messages: it lets publishers wait while it is low on memory or disk
 * space, consumers not.
 *
 * @see <a href="https://www.rabbitmq.com/docs/connection-blocked">Blocked connections</a>
 */
final class Blockage {

  private static final Logger log = LoggerFactory.getLogger(Blockage.class);

  /** An alarm seldom ends sooner. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Broker broker;
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

  Blockage(Broker broker) {
    this.broker = broker;
  }

  Optional<String> reason() {
    return Optional.ofNullable(reason.get());
  }

  void begin(String why) {
    if (reason.getAndSet(why) == null) {
      log.warn(
          "RabbitMQ at {} blocks publishers: it is {}. No new change arrives until it has room"
              + " again; what waits in the queue is indexed",
          broker.address(),
          why);
    }
  }

  void end() {
    if (reason.getAndSet(null) != null) {
      log.info("RabbitMQ at {} takes messages from publishers again", broker.address());
    }
  }

  /** To be thrown for a message of which the broker keeps nothing. */
  UnavailableException unavailable() {
    return new UnavailableException(
        "RabbitMQ at %s blocks publishers: it is %s. Nothing was kept, so it can be sent again"
            .formatted(broker.address(), reason().orElse("low on resources")),
        RETRY_AFTER);
  }
}
