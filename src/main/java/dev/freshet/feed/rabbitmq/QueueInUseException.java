package dev.freshet.feed.rabbitmq;

/** Another consumer takes from the queue, and the index is of one process. */
final class QueueInUseException extends TopologyMismatchException {

  private static final long serialVersionUID = 1L;

  QueueInUseException(String message) {
    super(message);
  }
}
