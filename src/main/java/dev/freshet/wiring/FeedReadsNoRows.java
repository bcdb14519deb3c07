package dev.freshet.wiring;

import io.micronaut.context.condition.Condition;
import io.micronaut.context.condition.ConditionContext;

/**
 * True but for a feed that reads the log of PostgreSQL, and before it the rows that are there: with
 * {@code freshet.capture.snapshot=never} it leaves those out.
 */
final class FeedReadsNoRows implements Condition {

  @Override
  @SuppressWarnings("rawtypes")
  public boolean matches(ConditionContext context) {
    return !has(context, "freshet.feed", "postgresql")
        || has(context, "freshet.capture.snapshot", "never");
  }

  @SuppressWarnings("rawtypes")
  private static boolean has(ConditionContext context, String property, String value) {
    return context
        .getProperty(property, String.class)
        .filter(it -> value.equalsIgnoreCase(it.toString()))
        .isPresent();
  }
}
