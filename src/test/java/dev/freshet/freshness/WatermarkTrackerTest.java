package dev.freshet.freshness;

import static dev.freshet.freshness.Messages.ARRIVED;
import static dev.freshet.freshness.Messages.message;
import static dev.freshet.freshness.Messages.place;
import static dev.freshet.freshness.Messages.proves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.FeedStatus;
import dev.freshet.freshness.Messages.Message;
import dev.freshet.ledger.Watermark;
import dev.freshet.ledger.WatermarkLedger.InstanceReport;
import dev.freshet.support.InMemoryWatermarks;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WatermarkTrackerTest {

  private final InMemoryWatermarks ledger = new InMemoryWatermarks();
  private final SharedQueue feed = new SharedQueue();
  private Departed.Standing standing = Departed.Standing.CLEAR;
  private final WatermarkTracker tracker = tracker(0);

  private WatermarkTracker tracker(int epoch) {
    return new WatermarkTracker(
        ledger, feed, () -> standing, epoch, new Waits(10), Clock.systemUTC());
  }

  private Message taken() {
    return taken(message());
  }

  private Message taken(Message message) {
    tracker.take(List.of(message), change -> {});
    return message;
  }

  private void settled(Message message, long lsn) {
    tracker.settle(message, proves(lsn));
    tracker.publish();
  }

  private Optional<CommitPosition> watermark() {
    return Optional.ofNullable(tracker.published().watermark()).map(Watermark::position);
  }

  private static InstanceReport other(UUID instance, long applied, boolean inFlight) {
    return new InstanceReport(instance, 0, new Lsn(applied), inFlight);
  }

  private UUID otherInstance(long applied, boolean inFlight) {
    UUID instance = UUID.randomUUID();
    ledger.report(other(instance, applied, inFlight), Duration.ofSeconds(1));
    return instance;
  }

  @Test
  void itRisesWithWhatIsSettledAndIsSaved() {
    settled(taken(), 100);

    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().exact()).isTrue();
    assertThat(ledger.watermark(0).map(Watermark::position)).contains(place(100));
  }

  /** As one that forgets to override it. */
  @Test
  void aFeedThatSaysNothingOfOtherConsumersIsNotExact() {
    var silent =
        new WatermarkTracker(
            ledger, new SilentFeed(), () -> standing, 0, new Waits(10), Clock.systemUTC());
    Message message = message();
    silent.take(List.of(message), change -> {});
    silent.settle(message, proves(100));
    silent.publish();

    assertThat(Optional.ofNullable(silent.published().watermark())).isEmpty();
    assertThat(silent.published().exact()).isFalse();
  }

  private static final class SilentFeed implements FeedState {

    @Override
    public FeedStatus status() {
      return new FeedStatus(true, "connected");
    }

    @Override
    public int held() {
      return 0;
    }

    @Override
    public Optional<Backlog> backlog() {
      return Optional.of(new Backlog(0, 0));
    }
  }

  @Test
  void whatWasNotSavedIsNotTold() {
    Message message = taken();
    tracker.settle(message, proves(100));
    ledger.fail();

    assertThatExceptionOfType(UnavailableException.class).isThrownBy(tracker::publish);
    assertThat(watermark()).isEmpty();
  }

  @Test
  void whatProvesNothingNewIsNotSavedAgain() {
    settled(taken(), 100);
    settled(taken(), 90);
    assertThat(ledger.raises()).isEqualTo(1);
  }

  @Test
  void itSurvivesARestartAndDoesNotGoBack() {
    settled(taken(), 100);

    var restarted = tracker(0);
    restarted.renew();
    assertThat(Optional.ofNullable(restarted.published().watermark()).map(Watermark::position))
        .contains(place(100));

    Message again = message();
    restarted.take(List.of(again), change -> {});
    restarted.settle(again, proves(60));
    restarted.publish();
    assertThat(Optional.ofNullable(restarted.published().watermark()).map(Watermark::position))
        .contains(place(100));
  }

  @Test
  void aRaisedEpochStartsAnew() {
    settled(taken(), 100);
    var raised = tracker(1);
    raised.renew();
    assertThat(Optional.ofNullable(raised.published().watermark())).isEmpty();
    assertThat(raised.published().reaches(new CommitPosition(1, new Lsn(5)))).isFalse();
  }

  @Test
  void aSourceThatStartedAgainReachesNothing() {
    settled(taken(), 100);
    tracker.distrust("the source has started its LSN again");
    settled(taken(), 200);

    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().reaches(place(50))).isFalse();
    assertThat(tracker.published().obstacle()).contains("started its LSN again");
  }

  @Test
  void whileAStrangerConsumesItStandsStill() {
    settled(taken(), 100);
    feed.shared();
    settled(taken(), 200);

    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().exact()).isFalse();
    assertThat(tracker.published().obstacle()).contains("another consumer");
  }

  /** It came, took messages and went between two looks, and nobody was asked meanwhile. */
  @Test
  void aStrangerThatWasNotNoticedInTimeIsNoticedByTheTimeItWent() {
    settled(taken(), 100);
    feed.alone(ARRIVED.plusSeconds(5));
    settled(taken(message(ARRIVED.plusSeconds(4), false)), 200);
    assertThat(watermark()).contains(place(100));

    settled(taken(message(ARRIVED.plusSeconds(6), false)), 300);
    assertThat(watermark()).contains(place(300));
  }

  /** Such as after a restart, while events without a position come. */
  @Test
  void whatProvesNothingAtAllIsNotSavedEither() {
    settled(taken(), 100);
    var restarted = tracker(0);
    restarted.renew();
    int reports = ledger.reports();
    Message message = message();
    restarted.take(List.of(message), change -> {});
    restarted.settle(message, SourceProgress.NONE);
    restarted.publish();
    assertThat(ledger.raises()).isEqualTo(1);
    assertThat(ledger.reports()).isEqualTo(reports);
  }

  /** What the stranger held came back before: a message sent later stands behind it. */
  @Test
  void onceTheStrangerIsGoneANewMessageLetsItRise() {
    feed.shared();
    settled(taken(), 100);
    feed.alone(ARRIVED.plusSeconds(5));
    settled(taken(message(ARRIVED.plusSeconds(4), false)), 200);
    settled(taken(message(ARRIVED.plusSeconds(6), true)), 300);
    assertThat(watermark()).isEmpty();

    Message before = taken(message(ARRIVED.plusSeconds(7), true));
    Message fresh = taken(message(ARRIVED.plusSeconds(8), false));
    settled(fresh, 500);
    assertThat(watermark()).isEmpty();
    settled(before, 400);

    assertThat(watermark()).contains(place(500));
    assertThat(tracker.published().exact()).isTrue();
    assertThat(tracker.published().obstacle()).isNull();
  }

  @Test
  void amongSeveralTheLowestThatHasSomethingInFlightDecides() {
    feed.shared();
    UUID other = otherInstance(150, true);
    settled(taken(), 300);
    assertThat(watermark()).contains(place(150));
    assertThat(tracker.published().exact()).isFalse();

    ledger.report(other(other, 310, false), Duration.ofSeconds(1));
    settled(taken(), 320);
    assertThat(watermark()).contains(place(320));
  }

  @Test
  void whatIsTakenBesideOthersIsToldThemAtOnce() {
    feed.shared();
    UUID other = otherInstance(150, false);
    settled(taken(), 300);
    taken();

    assertThat(ledger.report(other(other, 400, false), Duration.ofSeconds(1)))
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.inFlight()).isTrue();
              assertThat(report.applied()).isEqualTo(new Lsn(300));
            });
  }

  /** One that shuts down has cancelled its consumer, and still holds what it is applying. */
  @Test
  void aRegisteredInstanceWithMessagesInFlightHoldsItBackThoughItDoesNotConsume() {
    settled(taken(), 100);
    UUID other = otherInstance(110, true);
    settled(taken(), 200);
    assertThat(watermark()).contains(place(110));
    assertThat(tracker.published().exact()).isFalse();

    ledger.report(other(other, 150, false), Duration.ofSeconds(1));
    tracker.publish();
    assertThat(watermark()).contains(place(200));
    assertThat(tracker.published().exact()).isTrue();
  }

  /** Such as one that stands by, and learns what the other one does. */
  @Test
  void whoHasAppliedNothingYetIsSeenAndSees() {
    feed.shared();
    UUID other = otherInstance(150, true);
    ledger.raise(new Watermark(place(140), null));
    tracker.renew();

    assertThat(watermark()).contains(place(150));
    assertThat(tracker.published().exact()).isFalse();
    assertThat(tracker.published().obstacle()).isNull();
    assertThat(ledger.report(other(other, 150, true), Duration.ofSeconds(1))).hasSize(1);
  }

  @Test
  void whatIsReceivedAndNotTakenIsInFlightToo() {
    feed.shared();
    feed.held = 3;
    UUID other = otherInstance(150, false);
    tracker.renew();
    assertThat(ledger.report(other(other, 150, false), Duration.ofSeconds(1)))
        .singleElement()
        .matches(InstanceReport::inFlight);
  }

  @Test
  void aLostConnectionIsNoStranger() {
    settled(taken(), 100);
    feed.shared();
    feed.backlog = Optional.empty();
    tracker.renew();

    assertThat(tracker.published().exact()).isTrue();
    assertThat(tracker.published().obstacle()).isNull();
  }

  /** It is noticed by its first change, be it of a document that is new. */
  @Test
  void aCommitThatComesLaterAndStandsBeforeIsOfASourceThatStartedAgain() {
    tracker.settle(taken(), new SourceProgress(Messages.SHOP, place(900), ARRIVED));
    tracker.publish();
    tracker.settle(taken(), new SourceProgress(Messages.SHOP, place(500), ARRIVED.plusSeconds(5)));
    tracker.publish();
    assertThat(tracker.published().reaches(place(600))).isTrue();

    tracker.settle(taken(), new SourceProgress(Messages.SHOP, place(510), ARRIVED.plusSeconds(60)));
    tracker.publish();
    assertThat(tracker.published().reaches(place(600))).isFalse();
    assertThat(tracker.published().obstacle()).contains("freshet.source-epoch");
  }

  @Test
  void anEventOfAnotherEpochProvesNothing() {
    var raised = tracker(1);
    Message message = message();
    raised.take(List.of(message), change -> {});
    raised.settle(message, proves(900));
    raised.publish();
    assertThat(Optional.ofNullable(raised.published().watermark())).isEmpty();
  }

  @Test
  void whoEndsWithNothingInHandIsForgotten() {
    tracker.renew();
    tracker.end();
    tracker.renew();
    assertThat(otherReports()).isEmpty();
  }

  /** They come back when the connection closes, which is later. */
  @Test
  void whoEndsWithMessagesInHandIsBelievedForAWhile() {
    taken();
    tracker.end();
    assertThat(otherReports()).singleElement().matches(InstanceReport::inFlight);
  }

  private List<InstanceReport> otherReports() {
    return ledger.report(other(UUID.randomUUID(), 1, false), Duration.ofSeconds(1));
  }

  @Test
  void anInstanceThatHasJustBegunToConsumeIsNoticed() {
    settled(taken(), 100);
    otherInstance(100, true);
    feed.shared();
    settled(taken(), 200);

    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().exact()).isFalse();
  }

  /** What left was sent before what was settled, so its documents must be known to have failed. */
  @Test
  void itDoesNotRiseBeforeWhatLeftTheQueueIsKnown() {
    tracker.renew();
    settled(taken(), 100);
    standing = new Departed.Standing("5 messages have left", null, List.of());
    settled(taken(), 200);
    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().exact()).isFalse();
    assertThat(tracker.published().obstacle()).isEqualTo("5 messages have left");

    var document = new DocumentId(new TableId("public", "products"), List.of("1"));
    standing = new Departed.Standing(null, null, List.of(new Departed.Failed(document, 742L)));
    tracker.renew();
    assertThat(watermark()).contains(place(200));
    assertThat(tracker.published().exact()).isTrue();
    assertThat(tracker.published().obstacle()).isNull();
    assertThat(tracker.failures()).isOne();
    assertThat(tracker.hasFailed(document, 742)).isTrue();
  }

  @Test
  void itRisesAndIsNotExactAfterMessagesWentWithoutATrace() {
    tracker.renew();
    settled(taken(), 100);
    standing = new Departed.Standing(null, "3 messages are lost", List.of());
    tracker.renew();
    assertThat(tracker.published().exact()).isFalse();
    settled(taken(), 200);
    assertThat(watermark()).contains(place(200));
    assertThat(tracker.published().exact()).isFalse();
    assertThat(tracker.published().obstacle()).isEqualTo("3 messages are lost");

    standing = Departed.Standing.CLEAR;
    tracker.renew();
    assertThat(tracker.published().exact()).isTrue();
    assertThat(tracker.published().obstacle()).isNull();
  }

  @Test
  void whatLeftCannotBeAskedForWithoutAConnectionAndNobodyIsBlamed() {
    settled(taken(), 100);
    feed.backlog = Optional.empty();
    standing = new Departed.Standing("the letters cannot be looked at", null, List.of());
    settled(taken(), 200);
    assertThat(watermark()).contains(place(100));
    assertThat(tracker.published().exact()).isTrue();
    assertThat(tracker.published().obstacle()).isNull();
  }

  @Test
  void whatWasGivenBackHoldsBackWhatIsBehindIt() {
    Message message = taken();
    Message behind = taken();
    tracker.settle(behind, proves(200));
    tracker.giveBack(change -> {});
    Message again = taken();
    settled(taken(), 210);
    assertThat(watermark()).isEmpty();
    settled(again, 100);
    assertThat(watermark()).contains(place(210));
    assertThat(message.isLive()).isTrue();
  }
}
