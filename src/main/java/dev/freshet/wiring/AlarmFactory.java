package dev.freshet.wiring;

import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Alarms;
import dev.freshet.alarm.Cause;
import dev.freshet.feed.FeedAlarms;
import dev.freshet.feed.FeedState;
import dev.freshet.indexing.ConsumptionAlarms;
import dev.freshet.indexing.IndexingLoop;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;

/** Collects whoever notices trouble. */
@Factory
final class AlarmFactory {

  @Singleton
  FeedAlarms feedAlarms(FeedState feed) {
    return new FeedAlarms(feed);
  }

  @Singleton
  ConsumptionAlarms consumptionAlarms(IndexingLoop loop) {
    return new ConsumptionAlarms(loop);
  }

  @Singleton
  Alarms alarms(List<AlarmSource> sources, MeterRegistry registry, Clock clock) {
    var alarms = new Alarms(sources, clock);
    for (Cause cause : Cause.values()) {
      Gauge.builder("freshet.alarm", alarms, known -> known.wasRaised(cause) ? 1 : 0)
          .description("1 while there is an alarm for this cause, else 0")
          .tag("cause", cause.label())
          .register(registry);
    }
    return alarms;
  }
}
