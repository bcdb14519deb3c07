package dev.freshet.feed.rabbitmq;

import java.util.List;

/**
 * What there is to consume from and to put dead letters into.
 *
 * @param countsDeliveries whether what is given back may count towards a delivery limit: unless the
 *     queue is known to be a classic one
 * @param deadLettersByBroker whether what is rejected is known to reach the dead-letter queue
 * @param deadLetterExchange whether dead letters can go by their exchange, as far as is known
 * @param deadLetterQueue whether there is a queue for dead letters, as far as is known
 * @param remarks what differs from what Freshet would declare and what that means, one sentence
 *     each
 */
record Layout(
    boolean countsDeliveries,
    boolean deadLettersByBroker,
    boolean deadLetterExchange,
    boolean deadLetterQueue,
    List<String> remarks) {

  /** Nobody has looked. */
  static final Layout UNKNOWN = new Layout(true, false, true, true, List.of());

  Layout {
    remarks = List.copyOf(remarks);
  }
}
