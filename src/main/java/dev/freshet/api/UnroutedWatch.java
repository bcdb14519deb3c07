package dev.freshet.api;

import dev.freshet.UnavailableException;
import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Cause;
import dev.freshet.feed.Unrouted;
import dev.freshet.feed.UnroutedMessages;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then which messages no binding takes, and tells it once. */
@Singleton
class UnroutedWatch implements AlarmSource {

  private static final Logger LOG = LoggerFactory.getLogger(UnroutedWatch.class);

  private final UnroutedMessages messages;
  private volatile double waiting = Double.NaN;
  private volatile Optional<Unrouted> known = Optional.empty();
  private @Nullable String told;

  UnroutedWatch(UnroutedMessages messages, MeterRegistry registry) {
    this.messages = messages;
    Gauge.builder("freshet.unrouted.messages", this, gauge -> gauge.waiting)
        .description("Messages that no binding of the queue takes; they are not indexed")
        .register(registry);
  }

  @Scheduled(initialDelay = "1s", fixedDelay = "5s")
  void measure() {
    try {
      Optional<Unrouted> unrouted = messages.look();
      known = unrouted;
      waiting = unrouted.map(Unrouted::waiting).orElse(0L);
      unrouted.filter(some -> some.waiting() > 0).ifPresentOrElse(this::tell, () -> told = null);
    } catch (UnavailableException e) {
      waiting = Double.NaN;
      known = Optional.empty();
      LOG.debug("Nobody can tell how many messages are unrouted: {}", e.getMessage());
    }
  }

  @Override
  public List<Alarm> alarms() {
    return known.filter(some -> some.waiting() > 0).map(UnroutedWatch::alarm).stream().toList();
  }

  private static Alarm alarm(Unrouted some) {
    String newest =
        some.newestRoutingKey() == null
            ? ""
            : ", the newest with the routing key '%s'".formatted(some.newestRoutingKey());
    return new Alarm(
        Cause.UNROUTED,
        null,
        "%d messages are not indexed, since no binding took them%s"
            .formatted(some.waiting(), newest),
        some.wayOut());
  }

  /** One sentence for those who ask how fresh the index is: the watermark passes such messages. */
  Optional<String> note() {
    return known
        .filter(some -> some.waiting() > 0)
        .map(
            some ->
                "%d messages that no binding took are not indexed; GET /freshness says what to do"
                    .formatted(some.waiting()));
  }

  /** As of the last look. */
  Optional<Unrouted> known() {
    return known;
  }

  /** Once for each key. */
  private void tell(Unrouted some) {
    String key = String.valueOf(some.newestRoutingKey());
    if (!key.equals(told)) {
      told = key;
      LOG.warn(
          "{} messages are not indexed, since no binding took them; the newest has the routing key"
              + " '{}': {}",
          some.waiting(),
          key,
          some.wayOut());
    }
  }
}
