package dev.freshet.deadletter;

import java.util.List;

/**
 * What a look at the dead letters found.
 *
 * @param deadLetters those that fit the selection, oldest first
 * @param waiting how many dead letters there are, whether they fit or not
 * @param complete whether all of them were looked at
 */
public record Listing(List<DeadLetterSummary> deadLetters, long waiting, boolean complete) {

  public Listing {
    deadLetters = List.copyOf(deadLetters);
  }
}
