package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.FreshetServer;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A thousand searches for what was just committed, and how long a commit takes until it is
 * searchable. Run it with {@code -Dtest=FreshnessCampaign -Dtest.excluded.groups=}; {@code
 * -Dtest.rounds} and {@code -Dtest.seconds} make it shorter.
 */
@Tag("campaign")
class FreshnessCampaign {

  private static final int ROUNDS = Integer.getInteger("test.rounds", 1_000);
  private static final int SECONDS = Integer.getInteger("test.seconds", 60);
  private static final int RATE = 500;
  private static final int PRODUCTS = 500;

  /** Above it the writers' own commits move the watermark. */
  private static final double QUIET = 10;

  @Test
  void underLoadWhoSearchesWithTheTokenOfItsCommitAlwaysFindsItsRow() throws Exception {
    try (var shop = new CapturedShop(PRODUCTS);
        var freshet = shop.start()) {
      searchUnderLoad("rabbitmq", shop, freshet);
    }
  }

  @Test
  void soDoesWhoSearchesWhereTheLogIsReadWithoutABroker() throws Exception {
    try (var shop = new CapturedShop(PRODUCTS);
        var freshet = shop.startOnTheLog()) {
      searchUnderLoad("postgresql", shop, freshet);
    }
  }

  private static void searchUnderLoad(String feed, CapturedShop shop, FreshetServer freshet)
      throws Exception {
    try (var writers = new Writers(shop.source(), RATE, new ShopTraffic(PRODUCTS));
        var application =
            new ReadYourWrites(shop.source(), freshet::get, ReadYourWrites.Token.LSN)) {
      while (application.found() < ROUNDS && application.findings().isEmpty()) {
        application.round();
      }
      System.out.printf(
          "%s: %d searches found their row, %d did not; %.0f changes a second beside them;"
              + " commit to answer p50 / p95 / p99 / max %s ms; load average %.1f%n",
          feed,
          application.found(),
          application.findings().size(),
          writers.sustained(),
          application.waits(),
          loadAverage());
      writers.requireHealthy();
      shop.requireHealthy();
      assertThat(application.findings()).isEqualTo(List.of());
    }
  }

  /**
   * The probe's own changes are part of the rate. Where the embedding cannot keep up, the probe
   * ends at the first change that does not come in time; that is a figure, too.
   */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5, NEW_TEXT",
    "0.5, 0.5, UNCHANGED_TEXT",
    "1, 1, NEW_TEXT",
    "1, 1, UNCHANGED_TEXT",
    "10, 4, NEW_TEXT",
    "10, 4, UNCHANGED_TEXT",
    "100, 4, NEW_TEXT",
    "100, 4, UNCHANGED_TEXT",
    "500, 4, NEW_TEXT",
    "500, 4, UNCHANGED_TEXT"
  })
  void commitToSearchable(double rate, double probes, ProductChanges kind) throws Exception {
    try (var shop = new CapturedShop(PRODUCTS);
        var freshet = shop.start();
        var probe = new LatencyProbe(shop.source(), freshet::get, kind, rate <= QUIET);
        var writers = new Writers(shop.source(), rate - probes, kind.over(PRODUCTS))) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      long next = System.nanoTime();
      boolean inTime = true;
      while (inTime && System.nanoTime() < end) {
        next += (long) (1e9 / probes);
        TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
        inTime = probe.measure();
      }
      System.out.printf(
          "%s changes a second, %s: %s; wrote %.1f beside %d probes, %d messages wait at the end;"
              + " by the source %s ms, by the client %s ms; load average %.1f%n",
          rate,
          kind,
          inTime ? "kept up" : "did not keep up, 504 after 30 s",
          writers.sustained(),
          probe.byClient().count(),
          shop.queue().waiting(),
          probe.bySource(),
          probe.byClient(),
          loadAverage());
      writers.requireHealthy();
      shop.requireHealthy();
    }
  }

  private static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
