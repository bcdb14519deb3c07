package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.alarm.Alarm;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that is wrong, as the API says it. */
@JsonPropertyOrder({"cause", "since", "description", "remedy"})
@Schema(name = "Alarm", description = "Something that is wrong, and that somebody can mend.")
record AlarmStatus(
    @Schema(example = "feed-disconnected", requiredMode = Schema.RequiredMode.REQUIRED)
        String cause,
    @Schema(description = "When it began, or was noticed.", nullable = true)
        @Nullable Instant since,
    @Schema(description = "What is wrong.", requiredMode = Schema.RequiredMode.REQUIRED)
        String description,
    @Schema(description = "What to do.", requiredMode = Schema.RequiredMode.REQUIRED)
        String remedy) {

  static AlarmStatus of(Alarm alarm) {
    return new AlarmStatus(
        alarm.cause().label(), alarm.since(), alarm.description(), alarm.remedy());
  }
}
