package dev.freshet.sink.http;

import dev.freshet.RejectionReason;
import dev.freshet.sink.Outcome;

/**
 * What the service answers to a call about one document: yes, or that it will never take it.
 *
 * @param call the method and the path, such as {@code POST http://localhost:8000/upsert}
 */
record Reply(String call, int status) {

  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;

  boolean accepted() {
    return status >= 200 && status < 300;
  }

  /** Whether the document is to blame; that it is unknown is not its fault. */
  boolean rejects() {
    return !accepted() && status != NOT_FOUND && status != GONE;
  }

  /** Why the document can never be sent; the answer's body is left out, it may hold values. */
  Outcome.Rejected rejected() {
    return new Outcome.Rejected(
        RejectionReason.REFUSED_BY_SINK,
        "the LlamaIndex service answers "
            + status
            + " to "
            + call
            + "; its log says why, and once that is mended this message can be replayed");
  }
}
