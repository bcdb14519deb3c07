package dev.freshet.freshness;

import dev.freshet.changeevent.Lsn;
import dev.freshet.ledger.WatermarkLedger.InstanceReport;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several instances that consume one queue have applied together. */
final class LowWaterMark {

  private static final Comparator<InstanceReport> BY_APPLIED =
      Comparator.comparing(InstanceReport::applied, Comparator.nullsFirst(Lsn::compareTo));

  private LowWaterMark() {}

  /**
   * The lowest of those who have something in flight; while nobody has, the highest of all. Null
   * where that instance has applied nothing yet.
   */
  static @Nullable Lsn of(List<InstanceReport> reports) {
    List<InstanceReport> busy = reports.stream().filter(InstanceReport::inFlight).toList();
    return (busy.isEmpty() ? reports.stream().max(BY_APPLIED) : busy.stream().min(BY_APPLIED))
        .map(InstanceReport::applied)
        .orElse(null);
  }
}
