package dev.freshet.canary;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;

/** Probes at the configured interval. */
@Singleton
@Requires(property = "freshet.canary.interval")
class CanarySchedule {

  private final Canary canary;

  CanarySchedule(Canary canary) {
    this.canary = canary;
  }

  @Scheduled(initialDelay = "${freshet.canary.interval}", fixedDelay = "${freshet.canary.interval}")
  void probe() {
    try {
      canary.probe();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
