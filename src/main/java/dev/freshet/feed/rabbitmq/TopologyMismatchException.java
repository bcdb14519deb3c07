package dev.freshet.feed.rabbitmq;

import java.io.IOException;

/** The queue is missing, or is one that Freshet cannot consume from without losing changes. */
class TopologyMismatchException extends IOException {

  private static final long serialVersionUID = 1L;

  TopologyMismatchException(String message) {
    super(message);
  }
}
