package dev.freshet.freshness;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.ledger.WatermarkLedger;
import dev.freshet.ledger.WatermarkLedger.InstanceReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** How the instances that share an index see this one. */
final class Registration {

  /** How long the others believe an instance that says nothing more. */
  private static final Duration LEASE = Duration.ofSeconds(10);

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
   * @param inFlight whether it may hold messages that it has not applied
   * @return the reports of the others that live
   */
  List<InstanceReport> report(Reached reached, boolean inFlight) {
    last = clock.instant();
    return ledger.report(own(reached, inFlight), LEASE);
  }

  /** The reports with this instance's own. */
  List<InstanceReport> with(List<InstanceReport> others, Reached reached, boolean inFlight) {
    var all = new ArrayList<>(others);
    all.add(own(reached, inFlight));
    return all;
  }

  private InstanceReport own(Reached reached, boolean inFlight) {
    CommitPosition applied = reached.position();
    return new InstanceReport(instance, epoch, applied == null ? null : applied.lsn(), inFlight);
  }

  /** Whether the lease is to be renewed: who begins to consume must see this instance. */
  boolean isDue() {
    Instant now = clock.instant();
    return now.isBefore(last) || now.isAfter(last.plus(LEASE.dividedBy(4)));
  }

  void withdraw() {
    ledger.withdraw(instance);
  }
}
