package dev.freshet.capture;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.UnroutableException;

/** Refuses what is posted: the source's log takes the source's own changes only. */
final class DatabaseOnly implements ChangePublisher {

  @Override
  public void publish(ChangeMessage message) throws UnroutableException {
    throw new UnroutableException(
        "with freshet.feed=postgresql changes come from the database only; write the row there");
  }
}
