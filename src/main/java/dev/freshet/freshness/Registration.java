package dev.freshet.freshness;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.store.WatermarkLedger;
import dev.freshet.store.WatermarkLedger.InstanceReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** How the instances that share an index see this one. */
final class Registration {

  /** How long the others believe an instance that says nothing more. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final UUID instance = UUID.randomUUID();
  private final WatermarkLedger ledger;
  private final int epoch;
  private final Clock clock;
  private Instant last = Instant.EPOCH;

  Registration(WatermarkLedger ledger, int epoch, Clock clock) {
    this.ledger = ledger;
    this.epoch = epoch;
    this.clock = clock;
  }

  UUID instance() {
    return instance;
  }

  /**
   * Tells the others what this instance has applied.
   *
   * @return the reports of all that live, this one's too
   */
  List<InstanceReport> report(Reached reached, boolean inFlight) {
    CommitPosition applied = reached.position();
    var own = new InstanceReport(instance, epoch, applied == null ? null : applied.lsn(), inFlight);
    last = clock.instant();
    var all = new ArrayList<>(ledger.report(own, LEASE));
    all.add(own);
    return all;
  }

  /** Whether the lease is to be renewed: who begins to consume must see this instance. */
  boolean isDue() {
    return clock.instant().isAfter(last.plus(LEASE.dividedBy(3)));
  }

  void withdraw() {
    ledger.withdraw(instance);
  }
}
