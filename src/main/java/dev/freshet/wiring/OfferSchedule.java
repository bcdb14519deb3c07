package dev.freshet.wiring;

import dev.freshet.UnavailableException;
import dev.freshet.job.backfill.BackfillOffers;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks from time to time whether a table needs a backfill. */
@Singleton
@Requires(beans = BackfillOffers.class)
class OfferSchedule {

  private static final Logger LOG = LoggerFactory.getLogger(OfferSchedule.class);

  private final BackfillOffers offers;

  OfferSchedule(BackfillOffers offers) {
    this.offers = offers;
  }

  @Scheduled(initialDelay = "5s", fixedDelay = "10s")
  void check() {
    try {
      offers.check();
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say which tables need a backfill: {}", e.getMessage());
    }
  }
}
