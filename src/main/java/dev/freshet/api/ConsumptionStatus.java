package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.indexing.Consumption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether messages are consumed, as the API says it. */
@JsonPropertyOrder({"state", "since", "reason", "inFlight"})
record ConsumptionStatus(State state, Instant since, @Nullable String reason, int inFlight) {

  /** What consumption does. */
  enum State {
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("stalled")
    STALLED,
    @JsonProperty("pausing")
    PAUSING,
    @JsonProperty("paused")
    PAUSED,
    @JsonProperty("ended")
    ENDED
  }

  static ConsumptionStatus of(Consumption consumption) {
    return new ConsumptionStatus(
        State.valueOf(consumption.state().name()),
        consumption.since(),
        consumption.reason().orElse(null),
        consumption.inFlight());
  }
}
