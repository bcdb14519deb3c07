package dev.freshet.indexing;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Cause;
import java.util.ArrayList;
import java.util.List;

/** Tells why messages are not consumed, and that the source's positions went back. */
public final class ConsumptionAlarms implements AlarmSource {

  private final IndexingLoop loop;

  public ConsumptionAlarms(IndexingLoop loop) {
    this.loop = loop;
  }

  @Override
  public List<Alarm> alarms() {
    var alarms = new ArrayList<Alarm>();
    Consumption consumption = loop.consumption();
    String reason = consumption.reason().map(given -> ": " + given).orElse("");
    switch (consumption.state()) {
      case RUNNING -> {}
      case STALLED ->
          alarms.add(
              alarm(
                  Cause.CONSUMPTION_STALLED,
                  consumption,
                  loop.stall().map(Stall::side).orElse("the sink")
                      + " does not take a batch"
                      + reason,
                  "mend what it names; Freshet tries again by itself"));
      case PAUSING, PAUSED ->
          alarms.add(
              alarm(
                  Cause.CONSUMPTION_PAUSED,
                  consumption,
                  "consumption is paused" + reason,
                  "call POST /consumption/resume when it may go on"));
      case ENDED ->
          alarms.add(
              alarm(
                  Cause.CONSUMPTION_ENDED,
                  consumption,
                  "consumption has ended" + reason,
                  "restart Freshet"));
    }
    loop.sourceRestartSeen()
        .ifPresent(
            seen ->
                alarms.add(
                    new Alarm(
                        Cause.SOURCE_RESTARTED,
                        seen,
                        "the source's WAL position went back: it was restored or replaced, and its"
                            + " changes are dead-lettered",
                        "raise freshet.source-epoch by one, restart Freshet, and replay")));
    return alarms;
  }

  private static Alarm alarm(Cause cause, Consumption now, String description, String remedy) {
    return new Alarm(cause, now.since(), description, remedy);
  }
}
