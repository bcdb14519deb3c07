package dev.freshet.wiring;

import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;

/**
 * Makes the loop, and with it the model, the index and the feed, on the thread of the start. Else
 * scheduled tasks would make them beside it, and tell a failed start once each.
 */
@Context
@Order(Ordered.LOWEST_PRECEDENCE)
// Tests make contexts that need none of these.
@Requires(notEnv = Environment.TEST)
final class IndexFirst {

  // The framework injects it, which is all that is wanted.
  @SuppressWarnings("UnusedVariable")
  IndexFirst(IndexingLoop loop) {}
}
