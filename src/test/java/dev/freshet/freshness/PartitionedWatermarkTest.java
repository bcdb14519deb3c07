package dev.freshet.freshness;

import static dev.freshet.freshness.Messages.place;
import static dev.freshet.freshness.Messages.proves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import dev.freshet.feed.PartitionedFeed;
import dev.freshet.ledger.Watermark;
import dev.freshet.support.InMemoryWatermarks;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The watermark is the lowest over the partitions of the feed. */
class PartitionedWatermarkTest {

  private static final Partition ZERO = new Partition("0");
  private static final Partition ONE = new Partition("1");
  private static final Partition TWO = new Partition("2");

  private final InMemoryWatermarks ledger = new InMemoryWatermarks();
  private final PartitionedFeed feed = new PartitionedFeed();
  private final WatermarkTracker tracker = tracker();

  PartitionedWatermarkTest() {
    feed.start();
  }

  private WatermarkTracker tracker() {
    return new WatermarkTracker(ledger, feed, Departed.NONE, 0, new Waits(10), Clock.systemUTC());
  }

  private void commit(Partition partition, long lsn) {
    byte[] body = Long.toString(lsn).getBytes(StandardCharsets.UTF_8);
    feed.publish(new ChangeMessage(PartitionedFeed.keyOf(partition), Map.of(), body));
  }

  private static long lsn(ChangeMessage message) {
    return Long.parseLong(new String(message.body(), StandardCharsets.UTF_8));
  }

  private List<Delivery> take(int limit) throws InterruptedException {
    List<Delivery> taken = feed.take(limit, Duration.ZERO);
    tracker.take(taken, change -> {});
    return taken;
  }

  private void settle(Delivery delivery) {
    tracker.settle(delivery, proves(lsn(delivery.message())));
    tracker.publish();
    feed.acknowledge(List.of(delivery));
  }

  private void settleAll() throws InterruptedException {
    take(100).forEach(this::settle);
  }

  private Optional<CommitPosition> watermark() {
    return Optional.ofNullable(tracker.published().watermark()).map(Watermark::position);
  }

  @Test
  void itIsTheLowestOverThePartitionsAndExact() throws Exception {
    commit(ZERO, 100);
    commit(ONE, 110);
    commit(TWO, 120);
    settleAll();

    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().exact()).isTrue();
    assertThat(tracker.published().obstacle()).isNull();

    commit(ZERO, 130);
    settleAll();
    assertThat(watermark()).contains(place(110));
  }

  @Test
  void aPartitionThatLagsHoldsItBack() throws Exception {
    commit(ZERO, 100);
    commit(ONE, 110);
    commit(TWO, 120);
    settleAll();
    feed.lag(ONE, true);
    commit(ONE, 130);
    commit(ZERO, 140);
    commit(TWO, 150);
    settleAll();

    assertThat(watermark()).contains(place(110));

    feed.lag(ONE, false);
    settleAll();
    assertThat(watermark()).contains(place(130));
  }

  /** What waits in it may be older, and only a message of it tells. */
  @Test
  void aPartitionFromWhichNothingHasComeHoldsItBackAndIsNamed() throws Exception {
    commit(ZERO, 100);
    commit(TWO, 120);
    settleAll();
    tracker.renew();

    assertThat(watermark()).isEmpty();
    assertThat(tracker.published().reaches(place(1))).isFalse();
    assertThat(tracker.published().obstacle()).contains("nothing has come yet").contains("(1)");

    commit(ONE, 130);
    settleAll();
    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().obstacle()).isNull();
  }

  @Test
  void whatIsSavedStandsUntilAllPartitionsAreFurther() throws Exception {
    commit(ZERO, 100);
    commit(ONE, 110);
    commit(TWO, 120);
    settleAll();

    var restarted = tracker();
    restarted.renew();
    commit(ZERO, 200);
    for (Delivery delivery : feed.take(10, Duration.ZERO)) {
      restarted.take(List.of(delivery), change -> {});
      restarted.settle(delivery, proves(200));
      restarted.publish();
    }

    assertThat(Optional.ofNullable(restarted.published().watermark()).map(Watermark::position))
        .contains(place(100));
  }

  @Test
  void aPartitionInOtherHandsHoldsItBackAndMakesItInexact() throws Exception {
    commit(ZERO, 100);
    commit(ONE, 110);
    commit(TWO, 120);
    settleAll();
    feed.handOver(ONE);
    commit(ONE, 130);
    commit(ZERO, 140);
    commit(TWO, 150);
    settleAll();
    tracker.renew();

    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().exact()).isFalse();
    assertThat(tracker.published().obstacle()).contains("(1)");

    feed.takeBack(ONE);
    settleAll();
    assertThat(watermark()).contains(place(130));
  }

  @Test
  void aPartitionThatIsNotKnownToTheFeedCountsForNothing() throws Exception {
    commit(ZERO, 100);
    var unknown = new Partition("3");
    for (Delivery delivery : feed.take(10, Duration.ZERO)) {
      Delivery astray = new Astray(delivery, unknown);
      tracker.take(List.of(astray), change -> {});
      tracker.settle(astray, proves(100));
      tracker.publish();
    }

    assertThat(watermark()).isEmpty();
  }

  private record Astray(Delivery delivery, Partition partition) implements Delivery {

    @Override
    public ChangeMessage message() {
      return delivery.message();
    }

    @Override
    public Instant receivedAt() {
      return delivery.receivedAt();
    }
  }

  /** Whatever is taken, settled, lost and handed over in whatever order. */
  @Test
  void itIsNeverBetterThanTheTruth() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      new PartitionedWatermarkTest().runs(new Random(seed));
    }
  }

  private void runs(Random random) throws InterruptedException {
    List<Partition> partitions = List.copyOf(feed.partitions());
    var unsettled = new TreeSet<Long>();
    var open = new ArrayList<Delivery>();
    long lsn = 0;
    for (int step = 0; step < 120; step++) {
      Partition partition = partitions.get(random.nextInt(partitions.size()));
      boolean ours = feed.aloneSince(partition).isPresent();
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          commit(partition, ++lsn);
          unsettled.add(lsn);
        }
        case 2, 3 -> open.addAll(take(1 + random.nextInt(4)));
        case 4 -> feed.lag(partition, random.nextBoolean());
        case 5 -> {
          if (ours && random.nextInt(3) == 0) {
            feed.handOver(partition);
          } else if (!ours && random.nextBoolean()) {
            feed.takeBack(partition);
          } else if (!ours) {
            feed.settleElsewhere(partition, 2).forEach(message -> unsettled.remove(lsn(message)));
          }
        }
        default -> {
          if (!open.isEmpty()) {
            Delivery done = open.remove(random.nextInt(open.size()));
            // What is durable in the index is searchable, whoever is to acknowledge it.
            unsettled.remove(lsn(done.message()));
            settle(done);
          }
        }
      }
      if (random.nextInt(4) == 0) {
        tracker.renew();
      }
      long told = watermark().map(place -> place.lsn().value()).orElse(0L);
      assertThat(unsettled.isEmpty() || told < unsettled.first())
          .as("told %d, unsettled %s", told, unsettled)
          .isTrue();
    }
  }
}
