package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.ledger.Watermark;
import dev.freshet.ledger.WatermarkLedger;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store remembers of how far the source's commits are applied. */
interface WatermarkContract extends StoreUnderTest {

  private static Watermark watermark(int epoch, long lsn, @Nullable Instant committedAt) {
    return new Watermark(new CommitPosition(epoch, new Lsn(lsn)), committedAt);
  }

  private WatermarkLedger watermarks() {
    return ledger().watermarks();
  }

  @Test
  default void atFirstThereIsNoWatermark() {
    assertThat(watermarks().watermark(0)).isEmpty();
  }

  @Test
  default void aWatermarkComesBackAsItWasRaised() {
    assertThat(watermarks().raise(watermark(0, 100, null))).isEqualTo(watermark(0, 100, null));
    assertThat(watermarks().watermark(0)).contains(watermark(0, 100, null));
    assertThat(watermarks().raise(watermark(0, 0xFFFFFFFFFL, NOW)))
        .isEqualTo(watermark(0, 0xFFFFFFFFFL, NOW));
    assertThat(watermarks().watermark(0)).contains(watermark(0, 0xFFFFFFFFFL, NOW));
  }

  @Test
  default void aLowerOneChangesNothing() {
    watermarks().raise(watermark(0, 100, NOW));
    assertThat(watermarks().raise(watermark(0, 90, NOW.minusSeconds(5))))
        .isEqualTo(watermark(0, 100, NOW));
    assertThat(watermarks().raise(watermark(0, 95, null))).isEqualTo(watermark(0, 100, NOW));
  }

  @Test
  default void eachEpochHasItsOwn() {
    watermarks().raise(watermark(0, 100, null));
    watermarks().raise(watermark(1, 5, null));
    assertThat(watermarks().watermark(0)).contains(watermark(0, 100, null));
    assertThat(watermarks().watermark(1)).contains(watermark(1, 5, null));
  }

  @Test
  default void whoeverIsAloneRaises() {
    assertThat(watermarks().raiseAlone(UUID.randomUUID(), watermark(0, 7, null)))
        .contains(watermark(0, 7, null));
  }

  @Test
  default void aCommitOfDocumentsKeepsTheWatermark() {
    watermarks().raise(watermark(0, 100, NOW));
    commit(StoreFixtures.writing(ONE, 1).segment("text", 1, 0, 0));
    assertThat(watermarks().watermark(0)).contains(watermark(0, 100, NOW));
  }
}
