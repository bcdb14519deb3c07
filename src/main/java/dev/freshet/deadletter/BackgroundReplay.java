package dev.freshet.deadletter;

import dev.freshet.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays round after round until all dead letters that waited at its start were tried once.
 * Between two rounds other calls have their turn. It ends with the process; what it had not come to
 * waits.
 */
public final class BackgroundReplay implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundReplay.class);

  /** How often in a row a round may fail, and how long the next one waits. */
  private static final int ATTEMPTS = 20;

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(3);
  private static final Duration TO_END = Duration.ofSeconds(3);

  private final DeadLetterService desk;
  private final Clock clock;
  private volatile @Nullable Progress progress;
  private @Nullable Thread thread;
  private volatile boolean closed;

  public BackgroundReplay(DeadLetterService desk, Clock clock) {
    this.desk = desk;
    this.clock = clock;
  }

  /**
   * How far a replay is, or was when it ended.
   *
   * @param endedAt null while it runs
   * @param problem why it ended early, or why the next round waits; null while all is well
   */
  public record Progress(
      Instant startedAt, @Nullable Instant endedAt, ReplayReport report, @Nullable String problem) {

    private Progress with(ReplayReport newer, @Nullable String why) {
      return new Progress(startedAt, null, newer, why);
    }

    private Progress ended(Instant at, @Nullable String why) {
      return new Progress(startedAt, at, report, why);
    }
  }

  /**
   * Starts one.
   *
   * @throws ReplayRunningException when one is running
   * @throws UnavailableException when the dead letters cannot be counted now
   */
  public synchronized Progress start(Selection selection) throws ReplayRunningException {
    if (thread != null && thread.isAlive()) {
      throw new ReplayRunningException();
    }
    long waiting = desk.waiting();
    var started = new Progress(clock.instant(), null, new ReplayReport(0, 0, 0, 0, waiting), null);
    progress = started;
    var runner = new Thread(() -> run(started, selection, waiting), "dead-letter-replay");
    runner.setDaemon(true);
    thread = runner;
    runner.start();
    return started;
  }

  /** Of the last one; null where there was none since the start. */
  public @Nullable Progress progress() {
    return progress;
  }

  private void run(Progress started, Selection selection, long waiting) {
    Progress now = started;
    String problem = null;
    try {
      ReplayReport all = ReplayReport.NOTHING;
      int failures = 0;
      while (!closed && all.handled() < waiting) {
        try {
          ReplayReport round = desk.replay(selection, waiting - all.handled());
          failures = 0;
          all = all.and(round);
          now = now.with(all, null);
          progress = now;
          if (round.handled() == 0) {
            break;
          }
        } catch (UnavailableException | ReplayRunningException e) {
          failures++;
          problem = String.valueOf(e.getMessage());
          now = now.with(all, problem);
          progress = now;
          if (failures == ATTEMPTS) {
            return;
          }
          TimeUnit.MILLISECONDS.sleep(BETWEEN_ATTEMPTS.toMillis());
          problem = null;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("The replay in the background has ended by a fault of its own", e);
      problem = "it has ended by a fault of its own, which the log has";
    } finally {
      progress = now.ended(clock.instant(), problem);
    }
  }

  /** Waits a moment for the batch in hand: what it uses may be closed after this. */
  @Override
  public synchronized void close() {
    closed = true;
    if (thread == null) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(TO_END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
