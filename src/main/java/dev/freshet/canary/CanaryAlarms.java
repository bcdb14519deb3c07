package dev.freshet.canary;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Cause;
import java.util.List;

/** Tells that the last probe row was not found. */
final class CanaryAlarms implements AlarmSource {

  private final CanaryState state;

  CanaryAlarms(CanaryState state) {
    this.state = state;
  }

  @Override
  public List<Alarm> alarms() {
    return state
        .last()
        .filter(CanaryState.Last::failed)
        .map(
            last ->
                new Alarm(
                    Cause.CANARY_FAILING,
                    null,
                    "the canary fails: " + last.description(),
                    "look at the other alarms, and whether its table is captured, bound and mapped"))
        .stream()
        .toList();
  }
}
