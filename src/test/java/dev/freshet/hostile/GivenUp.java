package dev.freshet.hostile;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Rejection;

/** A message that was dead-lettered, and why. */
public record GivenUp(ChangeMessage message, Rejection rejection) {}
