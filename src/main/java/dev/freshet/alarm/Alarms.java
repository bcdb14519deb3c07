package dev.freshet.alarm;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that is wrong now. */
public final class Alarms {

  private final List<AlarmSource> sources;
  private final Clock clock;
  private final Map<Cause, Instant> noticed = new EnumMap<>(Cause.class);

  public Alarms(List<AlarmSource> sources, Clock clock) {
    this.sources = List.copyOf(sources);
    this.clock = clock;
  }

  /** What is wrong now, what explains others first. */
  public List<Alarm> now() {
    List<Alarm> raised =
        sources.stream()
            .flatMap(source -> source.alarms().stream())
            .sorted(Comparator.comparing(Alarm::cause))
            .toList();
    boolean explained = raised.stream().anyMatch(alarm -> alarm.cause().stopsMessages());
    return dated(
        raised.stream()
            .filter(alarm -> !(explained && alarm.cause() == Cause.HEARTBEAT_STOPPED))
            .toList());
  }

  private synchronized List<Alarm> dated(List<Alarm> raised) {
    noticed.keySet().retainAll(raised.stream().map(Alarm::cause).toList());
    Instant now = clock.instant();
    return raised.stream()
        .map(
            alarm -> {
              Instant first = noticed.computeIfAbsent(alarm.cause(), cause -> now);
              return alarm.since() == null ? alarm.withSince(first) : alarm;
            })
        .toList();
  }

  /** Whether there was an alarm for this cause when anybody asked last. */
  public synchronized boolean wasRaised(Cause cause) {
    return noticed.containsKey(cause);
  }

  /** The first of those for which a committed change is not searchable yet. */
  public Optional<Alarm> delaying() {
    return now().stream().filter(alarm -> alarm.cause().delaysChanges()).findFirst();
  }
}
