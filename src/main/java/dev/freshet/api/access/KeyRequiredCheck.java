package dev.freshet.api.access;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;

/** Looks already before the model is loaded whether strangers are refused. */
@Context
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
// Tests make contexts without a server.
@Requires(notEnv = Environment.TEST)
final class KeyRequiredCheck {

  KeyRequiredCheck(StrangersRefused strangers) {
    strangers.requireNoStrangers();
  }
}
