package dev.freshet.capture;

/** Where what is read from the log goes besides the index. */
enum PublishTarget {
  /** Nowhere. */
  NONE,
  /** To the exchange, as Debezium Server would publish it. */
  RABBITMQ
}
