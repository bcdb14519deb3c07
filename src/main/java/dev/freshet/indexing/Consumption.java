package dev.freshet.indexing;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether messages are consumed.
 *
 * @param since when the state began
 * @param reason why it is not running; empty when it is
 * @param inFlight messages that were taken and are not done
 */
public record Consumption(State state, Instant since, Optional<String> reason, int inFlight) {

  /** What consumption does. */
  public enum State {
    /** Messages are taken as they come. */
    RUNNING,
    /** The other side of the loop does not answer: one batch is tried again and again. */
    STALLED,
    /** Nothing is taken any more, and the batch in flight comes to its end. */
    PAUSING,
    /** Nothing is taken, and nothing is in flight. */
    PAUSED,
    /** The loop is over, by a shutdown or by a fault of its own; only a restart helps. */
    ENDED;

    /** The word that the API and health use. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
