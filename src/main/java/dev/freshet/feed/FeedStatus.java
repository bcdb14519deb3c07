package dev.freshet.feed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the feed can deliver now.
 *
 * @param connected whether messages can arrive
 * @param description one sentence for people; names what is wrong where something is
 * @param blocked why nobody can publish to the feed now, in the broker's words; null while anybody
 *     can, or it is not known
 * @param remarks what is not as Freshet would set it up, and what that means; one sentence each
 */
public record FeedStatus(
    boolean connected, String description, @Nullable String blocked, List<String> remarks) {

  public FeedStatus {
    remarks = List.copyOf(remarks);
  }

  public FeedStatus(boolean connected, String description) {
    this(connected, description, null, List.of());
  }
}
