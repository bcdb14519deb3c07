package dev.freshet.deadletter;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.LogContext;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.DeadLetters;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.ledger.FailureLedger;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.IsolatingSink;
import dev.freshet.source.SourceOwnership;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where operators look at dead letters, replay and discard them. One call at a time has them in
 * hand, else each would see a part. Every call throws {@link UnavailableException} when the dead
 * letters, the sink or the ledger cannot be reached, or another call takes too long.
 */
public final class DeadLetterService {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterService.class);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DeadLetters deadLetters;
  private final MessageReader reader;
  private final SourceOwnership sources;
  private final SubjectReader subjects;
  private final IsolatingSink sink;
  private final FailureRecorder recorder;
  private final DeadLetterConfiguration configuration;
  private final ReplayCounters counters;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final AtomicBoolean replaying = new AtomicBoolean();

  /**
   * @param sink one that takes batches from several threads, as {@link
   *     dev.freshet.sink.ExclusiveSink}
   */
  public DeadLetterService(
      DeadLetters deadLetters,
      MessageReader reader,
      SourceOwnership sources,
      IndexSink sink,
      FailureLedger failures,
      DeadLetterConfiguration configuration,
      MeterRegistry registry,
      Clock clock) {
    this.deadLetters = deadLetters;
    this.reader = reader;
    this.sources = sources;
    this.subjects = new SubjectReader(reader);
    this.sink = new IsolatingSink(sink);
    this.recorder = new FailureRecorder(failures);
    this.configuration = configuration;
    this.counters = new ReplayCounters(registry);
    this.clock = clock;
  }

  /** A dead letter with its body, and what it is about. */
  public record Found(DeadLetter letter, Subject subject) {}

  /**
   * Lists dead letters, oldest first, and leaves them where they are.
   *
   * @param limit the most to answer
   */
  public Listing list(Selection selection, int limit) {
    return inTurn(
        () -> {
          long waiting = deadLetters.count();
          var found = new ArrayList<DeadLetterSummary>();
          long looks = 0;
          long bytes = 0;
          try (DeadLetterBrowser held = deadLetters.open()) {
            while (found.size() < limit
                && looks < configuration.lookCount()
                && bytes < configuration.lookBytes()) {
              Optional<DeadLetter> next = held.next();
              if (next.isEmpty()) {
                return new Listing(found, waiting, true);
              }
              looks++;
              bytes += next.get().message().size();
              Subject subject = subject(next.get());
              if (selection.matches(next.get(), subject)) {
                found.add(DeadLetterSummary.of(next.get(), subject));
              }
              held.pass(next.get());
            }
          }
          return new Listing(found, waiting, looks >= waiting);
        });
  }

  /**
   * Finds a dead letter by its id, and leaves it where it is.
   *
   * @throws LookEndedException when it is not among those that a call looks at, and there are more
   */
  public Optional<Found> find(String id) {
    return inTurn(
        () -> {
          try (DeadLetterBrowser held = deadLetters.open()) {
            return find(held, id);
          }
        });
  }

  /**
   * Removes a dead letter for good; its document does not count as failed any more.
   *
   * @return whether there was one of this id
   * @throws LookEndedException when it is not among those that a call looks at, and there are more
   */
  public boolean discard(String id) {
    return inTurn(
        () -> {
          try (DeadLetterBrowser held = deadLetters.open()) {
            Optional<Found> found = find(held, id);
            found.ifPresent(
                one -> {
                  // A letter that stays must not lose its failure.
                  held.remove(one.letter());
                  recorder.forget(one.subject().change());
                  LogContext.set(one.letter().message());
                  LOG.warn(
                      "Discarded the dead letter {} of routing key '{}' ({})",
                      id,
                      one.letter().message().routingKey(),
                      one.letter().reason());
                  LogContext.clear();
                });
            return found.isPresent();
          }
        });
  }

  private Optional<Found> find(DeadLetterBrowser held, String id) {
    Selection selection = Selection.ofId(id);
    for (int looks = 0; looks < configuration.lookCount(); looks++) {
      Optional<DeadLetter> next = held.next();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      Subject subject = subject(next.get());
      if (selection.matches(next.get(), subject)) {
        return Optional.of(new Found(next.get(), subject));
      }
      held.pass(next.get());
    }
    if (held.next().isPresent()) {
      throw new LookEndedException(id, configuration.lookCount());
    }
    return Optional.empty();
  }

  private Subject subject(DeadLetter letter) {
    return subjects.read(letter).subject();
  }

  /**
   * Applies dead letters by the ordinary rules, oldest first. One that succeeds, is stale or has no
   * bearing on the index is removed; one that fails again stays, with its new reason, at the end.
   *
   * @throws ReplayRunningException when another replay runs
   * @throws UnavailableException also when the sink does not answer; what was not replayed stays
   */
  public ReplayReport replay(Selection selection) throws ReplayRunningException {
    return replay(selection, Long.MAX_VALUE);
  }

  /** The same of at most so many of the oldest. */
  ReplayReport replay(Selection selection, long oldest) throws ReplayRunningException {
    if (!replaying.compareAndSet(false, true)) {
      throw new ReplayRunningException();
    }
    try {
      return inTurn(() -> replayInTurn(selection, oldest));
    } finally {
      replaying.set(false);
    }
  }

  /** How many wait, those not counted that somebody has in hand. */
  long waiting() {
    return inTurn(deadLetters::count);
  }

  private ReplayReport replayInTurn(Selection selection, long oldest) {
    // Those that fail again come behind these.
    long waiting = deadLetters.count();
    long most = Math.min(waiting, oldest);
    try (DeadLetterBrowser held = deadLetters.open()) {
      var replay = new Replay(reader, sources, sink, recorder, counters, clock, held);
      try {
        ReplayReport report = replay.report(waiting - run(replay, held, selection, most));
        LOG.info("Replayed dead letters: {}", report);
        return report;
      } catch (UnavailableException e) {
        throw keptBy(replay, e);
      }
    }
  }

  /** Answers how many it came to. */
  private long run(Replay replay, DeadLetterBrowser held, Selection selection, long most) {
    long looks = 0;
    int chosen = 0;
    while (looks < Math.min(most, configuration.lookCount())
        && chosen < (selection.id() == null ? configuration.replayCount() : 1)) {
      Optional<DeadLetter> next = held.next();
      if (next.isEmpty()) {
        break;
      }
      looks++;
      Subject subject = subject(next.get());
      if (selection.matches(next.get(), subject)) {
        chosen++;
        replay.add(next.get(), subject);
      } else {
        held.pass(next.get());
      }
    }
    replay.flush();
    return looks;
  }

  private static UnavailableException keptBy(Replay replay, UnavailableException cause) {
    ReplayReport so = replay.report(0);
    String message =
        "%s; before that %d dead letters were indexed, %d stale, %d ignored and %d failed again; the"
            .formatted(cause.getMessage(), so.succeeded(), so.stale(), so.ignored(), so.failed());
    String kept = message + " others are kept";
    return cause
        .retryAfter()
        .map(wait -> new UnavailableException(kept, wait))
        .orElseGet(() -> new UnavailableException(kept, cause));
  }

  private <T> T inTurn(Supplier<T> work) {
    try {
      if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new UnavailableException(
            "another call has the dead letters in hand, perhaps a replay; try again", PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while another call had the dead letters", e);
    }
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }
}
