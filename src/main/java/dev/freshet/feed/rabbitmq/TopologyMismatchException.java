package dev.freshet.feed.rabbitmq;

import java.io.IOException;

/** An exchange or queue exists with other properties than Freshet needs (AMQP's 406). */
final class TopologyMismatchException extends IOException {

  private static final long serialVersionUID = 1L;

  TopologyMismatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
