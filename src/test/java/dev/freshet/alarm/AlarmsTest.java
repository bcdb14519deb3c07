package dev.freshet.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlarmsTest {

  private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");

  private final List<Alarm> raised = new ArrayList<>();
  private final SettableClock clock = new SettableClock();
  private final Alarms alarms = new Alarms(List.of(() -> raised, List::of), clock);

  private static final class SettableClock extends Clock {
    private Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private void raise(Cause cause, @Nullable Instant since) {
    raised.add(new Alarm(cause, since, cause.label() + " is wrong", "mend it"));
  }

  private List<Cause> causes() {
    return alarms.now().stream().map(Alarm::cause).toList();
  }

  @Test
  void nothingWrongIsNoAlarm() {
    assertThat(alarms.now()).isEmpty();
    assertThat(alarms.delaying()).isEmpty();
  }

  @Test
  void whatExplainsOthersStandsFirst() {
    raise(Cause.DEAD_LETTERS, START);
    raise(Cause.INDEX_SILENT, START);

    assertThat(causes()).containsExactly(Cause.INDEX_SILENT, Cause.DEAD_LETTERS);
    assertThat(alarms.delaying()).map(Alarm::cause).contains(Cause.INDEX_SILENT);
  }

  @Test
  void whatIsNotConsumedExplainsThatNoHeartbeatIsHeard() {
    raise(Cause.HEARTBEAT_STOPPED, START);
    assertThat(causes()).containsExactly(Cause.HEARTBEAT_STOPPED);

    raise(Cause.CONSUMPTION_PAUSED, START);
    assertThat(causes()).containsExactly(Cause.CONSUMPTION_PAUSED);
  }

  @Test
  void whatNobodySawBeginCountsFromWhenItWasNoticed() {
    raise(Cause.FEED_DISCONNECTED, null);
    assertThat(alarms.now()).extracting(Alarm::since).containsExactly(START);

    clock.now = START.plusSeconds(60);
    assertThat(alarms.now()).extracting(Alarm::since).containsExactly(START);

    raised.clear();
    assertThat(alarms.now()).isEmpty();
    raise(Cause.FEED_DISCONNECTED, null);
    assertThat(alarms.now()).extracting(Alarm::since).containsExactly(START.plusSeconds(60));
  }

  @Test
  void deadLettersDelayNoOtherChange() {
    raise(Cause.DEAD_LETTERS, START);

    assertThat(alarms.delaying()).isEmpty();
  }
}
