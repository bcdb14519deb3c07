package dev.freshet.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Delivery;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceNudge;
import dev.freshet.source.SourceOwnership;
import dev.freshet.support.IdleFeed;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.InMemoryWatermarks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Waits for a transaction that changes one document more than once. */
class TransactionWaitsTest {

  private static final TableId TABLE = TableId.parse("public.products");
  private static final DocumentId DOCUMENT = DocumentId.of(TABLE, "1");
  private static final DocumentId OTHER = DocumentId.of(TABLE, "2");

  private int held;
  private final IdleFeed feed =
      new IdleFeed() {
        @Override
        public int held() {
          return held;
        }
      };
  private final Waits waits = new Waits(10);
  private final WatermarkTracker tracker =
      new WatermarkTracker(
          new InMemoryWatermarks(), feed, Departed.NONE, 0, waits, Clock.systemUTC());
  private final InMemoryLedger ledger = new InMemoryLedger();
  private final IndexingProgress progress =
      new IndexingProgress(
          tracker,
          new SourceOwnership(ledger.notes(), Clock.systemUTC()),
          new KeyCoverage(ledger),
          waits,
          Clock.systemUTC());
  private final CommitWaits commits =
      new CommitWaits(ledger, tracker, progress, waits, SourceNudge.NONE, 0);

  private static DocumentChange change(DocumentId id, long txId, long lsn) {
    var position = new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn));
    return new DocumentChange.Delete(
        id, false, new Origin(position, txId, null, null, Instant.EPOCH));
  }

  private Delivery taken(DocumentChange change) {
    Delivery delivery = Messages.message();
    progress.take(List.of(delivery));
    progress.read(delivery, change);
    return delivery;
  }

  private void settle(Delivery delivery, DocumentChange change) {
    progress.settle(delivery, change, SourceProgress.NONE);
    progress.publish();
  }

  private CompletableFuture<Boolean> wait742() throws TooManyWaitersException {
    return commits.awaitTransaction(DOCUMENT, 742, Duration.ofMinutes(1));
  }

  @Test
  void theOnlyChangeIsToldOnceItIsAcknowledged() throws Exception {
    held = 1;
    DocumentChange change = change(DOCUMENT, 742, 10);
    Delivery delivery = taken(change);
    var told = wait742();
    settle(delivery, change);
    held = 0;
    progress.acknowledged();
    assertThat(told).isCompletedWithValue(true);
  }

  @Test
  void anotherOneThatIsBeingAppliedIsWaitedFor() throws Exception {
    DocumentChange first = change(DOCUMENT, 742, 10);
    DocumentChange second = change(DOCUMENT, 742, 11);
    Delivery one = taken(first);
    Delivery other = taken(second);
    var told = wait742();
    settle(one, first);
    assertThat(told).isNotDone();
    settle(other, second);
    assertThat(told).isCompletedWithValue(true);
  }

  @Test
  void oneThatIsReceivedAndNotReadIsWaitedFor() throws Exception {
    DocumentChange first = change(DOCUMENT, 742, 10);
    Delivery one = taken(first);
    held = 2;
    var told = wait742();
    settle(one, first);
    progress.acknowledged();
    assertThat(told).isNotDone();
    DocumentChange second = change(DOCUMENT, 742, 11);
    Delivery other = taken(second);
    settle(other, second);
    held = 0;
    progress.acknowledged();
    assertThat(told).isCompletedWithValue(true);
  }

  @Test
  void aLaterTransactionShowsThatNoneFollowsHoweverMuchIsReceived() throws Exception {
    DocumentChange first = change(DOCUMENT, 742, 10);
    DocumentChange later = change(OTHER, 743, 12);
    Delivery one = taken(first);
    Delivery other = taken(later);
    held = 50;
    var told = wait742();
    settle(one, first);
    assertThat(told).isNotDone();
    settle(other, later);
    assertThat(told).isCompletedWithValue(true);
  }

  @Test
  void anEarlierTransactionThatComesAgainShowsNothing() throws Exception {
    DocumentChange first = change(DOCUMENT, 742, 10);
    DocumentChange earlier = change(OTHER, 741, 5);
    Delivery one = taken(first);
    Delivery other = taken(earlier);
    held = 50;
    var told = wait742();
    settle(one, first);
    settle(other, earlier);
    assertThat(told).isNotDone();
  }

  @Test
  void oneThatIsGivenBackIsWaitedFor() throws Exception {
    DocumentChange first = change(DOCUMENT, 742, 10);
    DocumentChange second = change(DOCUMENT, 742, 11);
    Delivery one = taken(first);
    taken(second);
    var told = wait742();
    settle(one, first);
    progress.giveBack();
    progress.acknowledged();
    assertThat(told).isNotDone();

    settle(taken(second), second);
    assertThat(told).isCompletedWithValue(true);
  }

  @Test
  void aTruncationOfItsTableThatIsBeingAppliedIsWaitedFor() throws Exception {
    DocumentChange first = change(DOCUMENT, 742, 10);
    var position = new WalPosition(0, new Lsn(11), false, new Lsn(11));
    var truncation =
        new DocumentChange.Truncate(TABLE, new Origin(position, 742L, null, null, Instant.EPOCH));
    Delivery one = taken(first);
    Delivery other = taken(truncation);
    var told = wait742();
    settle(one, first);
    assertThat(told).isNotDone();
    settle(other, truncation);
    assertThat(told).isCompletedWithValue(true);
  }
}
