package dev.freshet.deadletter;

/** A dead letter was not found among those that a call looks at, and there are others. */
public final class LookEndedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LookEndedException(String id, int looks) {
    super(
        "the dead letter '%s' is not among the oldest %d, and there are others;"
                .formatted(id, looks)
            + " raise freshet.dead-letters.look-count to look further");
  }
}
