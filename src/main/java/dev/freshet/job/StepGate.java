package dev.freshet.job;

import java.util.Optional;

/** Lets a step go on, unless its job was cancelled meanwhile, or no job may change the index. */
public final class StepGate implements JobGate {

  private final JobGate all;
  private volatile boolean cancelled;

  /**
   * @param all closed while no job may change the index
   */
  public StepGate(JobGate all) {
    this.all = all;
  }

  @Override
  public Optional<String> closedBecause() {
    return cancelled ? Optional.of("the job is cancelled") : all.closedBecause();
  }

  /** A step of some job begins. */
  void begin() {
    cancelled = false;
  }

  /** Its job is cancelled. */
  void cancel() {
    cancelled = true;
  }
}
