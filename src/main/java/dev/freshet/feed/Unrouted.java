package dev.freshet.feed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a feed does not take.
 *
 * @param waiting how many are kept
 * @param newestRoutingKey of the newest one; null where that is not known
 * @param newestIsBound whether the feed would take the newest one by now
 * @param bound the keys that the feed takes
 * @param place where they are kept
 */
public record Unrouted(
    long waiting,
    @Nullable String newestRoutingKey,
    boolean newestIsBound,
    List<String> bound,
    String place) {

  public Unrouted {
    bound = List.copyOf(bound);
  }

  /** What helps, for people. */
  public String wayOut() {
    if (newestIsBound) {
      return "'%s' is bound by now: call POST /unrouted/replay".formatted(newestRoutingKey);
    }
    return "add %s to freshet.rabbitmq.routing-keys (bound are %s), or let the publisher use a bound"
            .formatted(
                newestRoutingKey == null ? "their routing key" : "'" + newestRoutingKey + "'",
                String.join(", ", bound))
        + " key; restart, and call POST /unrouted/replay. What is not wanted can be purged from the"
        + " queue %s".formatted(place);
  }
}
