package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.indexing.Consumption;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether messages are consumed, as the API says it. */
@JsonPropertyOrder({"state", "since", "reason", "inFlight"})
@Schema(name = "Consumption", description = "Whether messages are consumed.")
record ConsumptionStatus(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) State state,
    @Schema(
            description = "When the state began; a stall begins with the first failed attempt.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        Instant since,
    @Schema(description = "Why it is not running; null when it is.", nullable = true)
        @Nullable String reason,
    @Schema(
            description = "Messages that were taken and are not done.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        int inFlight) {

  /** What consumption does. */
  @Schema(
      name = "ConsumptionState",
      description =
          "`stalled`: a batch is tried again and again, because the sink, the dead-letter queue"
              + " or the ledger does not answer. `pausing`: the batch in flight comes to its end."
              + " `ended`: the loop is over, and only a restart helps.")
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
