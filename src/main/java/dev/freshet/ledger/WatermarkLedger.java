package dev.freshet.ledger;

import dev.freshet.changeevent.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the watermark, one for each epoch of the source; it never goes back. Several instances
 * that share an index see each other here. Failures of the infrastructure are those of {@link
 * DocumentLedger}.
 */
public interface WatermarkLedger {

  /** The epoch's watermark; empty before the first one. */
  Optional<Watermark> watermark(int epoch);

  /**
   * Raises the watermark, unless another instance lives.
   *
   * @return what is remembered now; empty, and nothing was changed, when another instance lives
   */
  Optional<Watermark> raiseAlone(UUID instance, Watermark watermark);

  /**
   * Raises the watermark; a lower one changes nothing.
   *
   * @return what is remembered now
   */
  Watermark raise(Watermark watermark);

  /**
   * Tells the others what this instance has applied, and until when it is to be believed.
   *
   * @return the other instances that live
   */
  List<InstanceReport> report(InstanceReport own, Duration lease);

  /** This instance holds nothing any more. */
  void withdraw(UUID instance);

  /**
   * What an instance has applied.
   *
   * @param epoch the source's, as the instance is configured
   * @param applied all before this place that the instance took is applied; null at first
   * @param inFlight whether it has taken messages that are not applied yet
   */
  record InstanceReport(UUID instance, int epoch, @Nullable Lsn applied, boolean inFlight) {}
}
