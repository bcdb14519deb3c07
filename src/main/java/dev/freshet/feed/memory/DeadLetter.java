package dev.freshet.feed.memory;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Rejection;

/** A message that was given up, and why. */
public record DeadLetter(ChangeMessage message, Rejection rejection) {}
