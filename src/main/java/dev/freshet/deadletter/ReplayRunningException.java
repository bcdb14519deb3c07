package dev.freshet.deadletter;

/** A replay is asked for while another one runs. */
public final class ReplayRunningException extends Exception {

  private static final long serialVersionUID = 1L;

  ReplayRunningException() {
    super("a replay runs already; wait for its end");
  }
}
