package dev.freshet.indexing;

import dev.freshet.feed.Delivery;

/** Follows messages from their receipt to their end. */
public interface Tracing {

  /** Follows nothing: the log still names the trace that a message carries. */
  Tracing OFF = delivery -> MessageTrace.carriedBy(delivery.message());

  /** A message is about to be read. */
  MessageTrace begin(Delivery delivery);
}
