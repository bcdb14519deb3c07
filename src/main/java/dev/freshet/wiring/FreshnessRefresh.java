package dev.freshet.wiring;

import dev.freshet.alarm.Alarms;
import dev.freshet.freshness.FreshnessPoller;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once a second what waits, what failed, and who else consumes. */
@Singleton
class FreshnessRefresh {

  private static final Logger LOG = LoggerFactory.getLogger(FreshnessRefresh.class);

  private final FreshnessPoller poller;
  private final Alarms alarms;

  FreshnessRefresh(FreshnessPoller poller, Alarms alarms) {
    this.poller = poller;
    this.alarms = alarms;
  }

  /** So that each counts from when it began, and not from when somebody asked. */
  @Scheduled(initialDelay = "1s", fixedDelay = "1s")
  void noticeAlarms() {
    refresh(alarms::now);
  }

  /** Apart from the index: one that hangs does not make the other's answer old. */
  @Scheduled(initialDelay = "1s", fixedDelay = "1s")
  void refreshQueue() {
    refresh(poller::refreshQueue);
  }

  @Scheduled(initialDelay = "1s", fixedDelay = "1s")
  void refreshIndex() {
    refresh(poller::refreshIndex);
  }

  private static void refresh(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.warn("How fresh the index is cannot be told now: {}", e.toString());
    }
  }
}
