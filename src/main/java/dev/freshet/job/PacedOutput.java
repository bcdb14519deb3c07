package dev.freshet.job;

import dev.freshet.RejectedException;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.document.MappingResult;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.document.MappingResult.Refused;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.Rejection;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.sink.ExclusiveSink;
import dev.freshet.sink.IsolatingSink;
import dev.freshet.sink.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Applies what jobs change between the batches of the loop, at a pace. For one thread. */
public final class PacedOutput implements JobOutput {

  /** How often to look whether a large document is indexed. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final MessageReader reader;
  private final ExclusiveSink live;
  private final ExclusiveSink own;
  private final IsolatingSink sink;
  private final FailureRecorder failures;
  private final DeadLetters deadLetters;
  private final Pace pace;
  private final JobGate gate;
  private final Clock clock;

  /** How many turns live changes had when this one looked last. */
  private long seen;

  /**
   * @param share of the time that live changes leave, above 0 and at most 1
   * @param gate while it is closed, nothing is applied
   */
  public PacedOutput(
      MessageReader reader,
      ExclusiveSink sink,
      FailureRecorder failures,
      DeadLetters deadLetters,
      double share,
      JobGate gate,
      Clock clock) {
    this.reader = reader;
    this.live = sink;
    this.own = sink.beside();
    this.sink = new IsolatingSink(own);
    this.failures = failures;
    this.deadLetters = deadLetters;
    this.pace = new Pace(share);
    this.gate = gate;
    this.clock = clock;
  }

  /**
   * A message on its way.
   *
   * @param change null where the message has none
   * @param settled its outcome, where that needs no sink; null otherwise
   */
  private record Row(
      ChangeMessage message,
      @Nullable DocumentChange change,
      @Nullable Outcome settled,
      @Nullable DocumentId document,
      @Nullable Position position) {

    static Row of(ChangeMessage message, DocumentChange change) {
      return new Row(
          message, change, null, change.document().orElse(null), change.origin().position());
    }

    static Row rejected(ChangeMessage message, RejectedException cause) {
      return new Row(message, null, outcome(cause), null, null);
    }

    static Row refused(ChangeMessage message, Refused refused) {
      Position position = refused.origin() == null ? null : refused.origin().position();
      return new Row(message, null, outcome(refused.cause()), refused.document(), position);
    }

    private static Outcome outcome(RejectedException cause) {
      return new Outcome.Rejected(cause.reason(), cause.detail());
    }
  }

  @Override
  public List<Outcome> write(List<ChangeMessage> messages) throws InterruptedException {
    Instant now = clock.instant();
    List<Row> rows = messages.stream().map(message -> read(message, now)).toList();
    List<DocumentChange> changes =
        rows.stream()
            .map(Row::change)
            .flatMap(change -> Optional.ofNullable(change).stream())
            .toList();
    var applied = apply(changes).iterator();
    var outcomes = new ArrayList<Outcome>();
    for (Row row : rows) {
      Outcome outcome = row.settled() == null ? applied.next() : row.settled();
      if (outcome instanceof Outcome.Incomplete incomplete) {
        outcome = incomplete.rejected();
      }
      if (outcome instanceof Outcome.Rejected rejected) {
        putAway(row, rejected, now);
      }
      outcomes.add(outcome);
    }
    return outcomes;
  }

  private Row read(ChangeMessage message, Instant now) {
    try {
      MappingResult result = reader.read(message, now).result();
      if (result instanceof Mapped mapped) {
        return Row.of(message, mapped.change());
      }
      return result instanceof Refused refused
          ? Row.refused(message, refused)
          : new Row(message, null, new Outcome.Stale(), null, null);
    } catch (RejectedException e) {
      return Row.rejected(message, e);
    }
  }

  /** The failure is remembered first: a crash in between repeats only what is idempotent. */
  private void putAway(Row row, Outcome.Rejected rejected, Instant now) {
    DocumentId document = row.document();
    String detail = document == null ? rejected.detail() : document + ": " + rejected.detail();
    var rejection =
        new Rejection(
            rejected.reason(), detail, clock.instant(), reader.sourceEpoch(row.message()));
    failures.record(document, row.position(), rejection);
    deadLetters.add(row.message(), now, rejection);
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) throws InterruptedException {
    var outcomes = new ArrayList<Outcome>(Collections.nCopies(changes.size(), null));
    var open = new ArrayList<Integer>();
    for (int i = 0; i < changes.size(); i++) {
      open.add(i);
    }
    while (!open.isEmpty()) {
      int before = open.size();
      var deferred = new ArrayList<Integer>();
      for (int begin = 0; begin < open.size(); ) {
        List<Integer> batch =
            List.copyOf(open.subList(begin, Math.min(open.size(), begin + pace.batch())));
        List<Outcome> some = atPace(batch.stream().map(changes::get).toList());
        for (int i = 0; i < batch.size(); i++) {
          if (some.get(i) instanceof Outcome.Deferred) {
            deferred.add(batch.get(i));
          } else {
            outcomes.set(batch.get(i), some.get(i));
          }
        }
        begin += batch.size();
      }
      open = deferred;
      if (open.size() == before) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
      }
    }
    return outcomes;
  }

  private List<Outcome> atPace(List<DocumentChange> batch) throws InterruptedException {
    gate.pass();
    long began = System.nanoTime();
    Duration before = own.held();
    List<Outcome> outcomes = sink.apply(batch, Collections.nCopies(batch.size(), Optional.empty()));
    Duration held = own.held().minus(before);
    pace.learn(batch.size(), held, Duration.ofNanos(System.nanoTime() - began).minus(held));
    boolean contended = live.turns() > seen;
    seen = live.turns();
    if (contended) {
      rest(held);
    }
    return outcomes;
  }

  /** Counts only the time in which live changes leave the sink alone. */
  private void rest(Duration held) throws InterruptedException {
    long idle = pace.idleAfter(held).toNanos();
    long longest = pace.longestRestAfter(held).toNanos();
    long began = System.nanoTime();
    Duration before = live.held();
    long left = idle;
    while (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
      long passed = System.nanoTime() - began;
      long used = live.held().minus(before).toNanos();
      left = Math.min(idle - (passed - used), longest - passed);
    }
  }
}
