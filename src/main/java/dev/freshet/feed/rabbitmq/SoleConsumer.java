package dev.freshet.feed.rabbitmq;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a queue that another consumer takes from, where the index, or its ledger, is of one
 * process: each of two would know a part of the changes. After a broken connection the broker may
 * count this process's own former consumer for a while, so another one is believed in only when it
 * stays.
 */
final class SoleConsumer {

  private final String queue;
  private final String store;
  private final boolean required;
  private boolean begun;
  private @Nullable Instant othersSince;

  private SoleConsumer(String queue, String store, boolean required) {
    this.queue = queue;
    this.store = store;
    this.required = required;
  }

  /** For an index that several processes share. */
  static SoleConsumer notRequired(String queue) {
    return new SoleConsumer(queue, "", false);
  }

  /** For an index of one process, which this store keeps. */
  static SoleConsumer required(String queue, String store) {
    return new SoleConsumer(queue, store, true);
  }

  boolean isRequired() {
    return required;
  }

  /**
   * To be called before consuming begins.
   *
   * @param others how many consumers there are
   */
  synchronized void requireNobody(long others) throws QueueInUseException {
    if (required && !begun && others > 0) {
      throw new QueueInUseException(
          ("another consumer takes from queue '%s', and with freshet.store=%s only one process may."
                  + " Freshet waits until that one is gone: stop it, set freshet.rabbitmq.queue to"
                  + " a queue of this one's own, or use freshet.store=pgvector, whose index several"
                  + " share")
              .formatted(queue, store));
    }
  }

  /**
   * To be called once consuming has begun: two may have begun at once.
   *
   * @param others how many consumers there are beside this one
   */
  synchronized void begin(long others) throws QueueInUseException {
    requireNobody(others);
    begun = true;
  }

  /**
   * To be called again and again while consuming: another one may have begun while a connection was
   * broken. Where both look, both end, and one of them begins again.
   *
   * @param others how many consumers there are beside this one
   * @param patience how long the broker may count a consumer whose connection is gone
   */
  synchronized void look(long others, Instant now, Duration patience) throws QueueInUseException {
    if (!begun || others == 0) {
      othersSince = null;
    } else if (othersSince == null) {
      othersSince = now;
    } else if (now.isAfter(othersSince.plus(patience))) {
      end();
      requireNobody(others);
    }
  }

  /** To be called when consuming ends by intent. */
  synchronized void end() {
    begun = false;
    othersSince = null;
  }
}
