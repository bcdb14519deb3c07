package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.alarm.Alarm;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that is wrong, as the API says it. */
@JsonPropertyOrder({"cause", "since", "description", "remedy"})
record AlarmStatus(String cause, @Nullable Instant since, String description, String remedy) {

  static AlarmStatus of(Alarm alarm) {
    return new AlarmStatus(
        alarm.cause().label(), alarm.since(), alarm.description(), alarm.remedy());
  }
}
