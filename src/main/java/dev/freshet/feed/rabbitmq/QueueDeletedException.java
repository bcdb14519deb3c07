package dev.freshet.feed.rabbitmq;

import java.io.IOException;

/** The queue that was consumed is gone. */
final class QueueDeletedException extends IOException {

  private static final long serialVersionUID = 1L;

  QueueDeletedException() {
    super("the broker cancelled the consumer: its queue was deleted");
  }
}
