package dev.freshet.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentFailureTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");

  private static WalPosition at(int epoch, long lsn) {
    return new WalPosition(epoch, new Lsn(lsn), false, new Lsn(lsn));
  }

  private static DocumentFailure failure(RejectionReason reason, WalPosition position) {
    return new DocumentFailure(
        DocumentId.of(PRODUCTS, "1"), position, reason, "a detail", Instant.EPOCH);
  }

  private static boolean isOpenAfterTruncationAt(WalPosition truncation, RejectionReason reason) {
    var stored = new LedgerView(Map.of(), Map.of(PRODUCTS, truncation));
    return failure(reason, at(0, 5)).isOpen(stored);
  }

  @Test
  void whatARestartedSourceSentIsNewerThanAllOfTheFormerOne() {
    assertThat(isOpenAfterTruncationAt(at(0, 9), RejectionReason.SOURCE_RESTARTED)).isTrue();
    assertThat(isOpenAfterTruncationAt(at(0, 9), RejectionReason.MISSING_COLUMN)).isFalse();
  }

  @Test
  void whatIsStoredUnderARaisedEpochIsNewerThanTheFailure() {
    assertThat(isOpenAfterTruncationAt(at(1, 3), RejectionReason.SOURCE_RESTARTED)).isFalse();
  }

  @Test
  void onlyAFailureOfARestartedSourceIsKnownAgainUnderARaisedEpoch() {
    var restarted = failure(RejectionReason.SOURCE_RESTARTED, at(0, 5));
    assertThat(restarted.isOf(at(0, 5))).isTrue();
    assertThat(restarted.isOf(at(1, 5))).isTrue();
    assertThat(restarted.isOf(at(1, 6))).isFalse();
    assertThat(failure(RejectionReason.MISSING_COLUMN, at(0, 5)).isOf(at(1, 5))).isFalse();
  }
}
