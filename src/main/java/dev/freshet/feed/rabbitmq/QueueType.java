package dev.freshet.feed.rabbitmq;

import java.util.Locale;

/** A kind of queue that messages can be given back to. */
enum QueueType {
  CLASSIC,
  QUORUM;

  /** As RabbitMQ writes it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
