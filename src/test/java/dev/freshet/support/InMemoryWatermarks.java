package dev.freshet.support;

import dev.freshet.UnavailableException;
import dev.freshet.ledger.Watermark;
import dev.freshet.ledger.WatermarkLedger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Watermarks that are forgotten with the process. The reports of other instances never end. */
public final class InMemoryWatermarks implements WatermarkLedger {

  private final Map<Integer, Watermark> watermarks = new HashMap<>();
  private final Map<UUID, InstanceReport> reports = new HashMap<>();
  private int raises;
  private int reported;
  private boolean failing;
  private Runnable once = () -> {};

  /** From now on nothing can be saved. */
  public synchronized void fail() {
    failing = true;
  }

  /** The next watermark cannot be saved, by whatever this throws. */
  public synchronized void throwOnce(Runnable thrower) {
    once = thrower;
  }

  public synchronized void work() {
    failing = false;
  }

  /** How often a watermark was saved. */
  public synchronized int raises() {
    return raises;
  }

  /** How often an instance reported. */
  public synchronized int reports() {
    return reported;
  }

  @Override
  public synchronized Optional<Watermark> watermark(int epoch) {
    requireWorking();
    return Optional.ofNullable(watermarks.get(epoch));
  }

  @Override
  public synchronized Optional<Watermark> raiseAlone(UUID instance, Watermark watermark) {
    requireWorking();
    Runnable thrower = once;
    once = () -> {};
    thrower.run();
    boolean alone = reports.keySet().stream().allMatch(instance::equals);
    return alone ? Optional.of(raise(watermark)) : Optional.empty();
  }

  @Override
  public synchronized Watermark raise(Watermark watermark) {
    requireWorking();
    raises++;
    return watermarks.merge(watermark.position().epoch(), watermark, Watermark::max);
  }

  @Override
  public synchronized List<InstanceReport> report(InstanceReport own, Duration lease) {
    requireWorking();
    reported++;
    reports.put(own.instance(), own);
    return reports.values().stream()
        .filter(report -> !report.instance().equals(own.instance()))
        .toList();
  }

  @Override
  public synchronized void withdraw(UUID instance) {
    requireWorking();
    reports.remove(instance);
  }

  private void requireWorking() {
    if (failing) {
      throw new UnavailableException("the ledger was told to fail");
    }
  }
}
