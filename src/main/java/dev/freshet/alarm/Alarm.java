package dev.freshet.alarm;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something is wrong, and somebody can mend it. A source that is merely quiet raises none.
 *
 * @param since when it began; null where nobody saw that
 * @param description one sentence on what is wrong, with the values that matter
 * @param remedy one sentence on what to do
 */
public record Alarm(Cause cause, @Nullable Instant since, String description, String remedy) {

  public Alarm {
    if (description.isBlank() || remedy.isBlank()) {
      throw new IllegalArgumentException("an alarm says what is wrong, and what to do");
    }
  }

  Alarm withSince(Instant noticed) {
    return new Alarm(cause, noticed, description, remedy);
  }
}
