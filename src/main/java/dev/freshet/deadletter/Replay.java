package dev.freshet.deadletter;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.LogContext;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.SourceName;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.document.MappingResult;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.document.MappingResult.Refused;
import dev.freshet.document.MessageReader;
import dev.freshet.document.ReadMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.Rejection;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.indexing.MessageTrace;
import dev.freshet.sink.IsolatingSink;
import dev.freshet.sink.Outcome;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceOwnership.Belonging;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run through dead letters in hand: each is removed only when its outcome is durable. */
final class Replay {

  /** As the loop's; the sink is free for the live changes between two batches. */
  private static final int BATCH = 256;

  private static final long BATCH_BYTES = 512 << 10;

  /** How often to look whether a large document is indexed. */
  private static final long LOOK_MILLIS = 50;

  private final MessageReader reader;
  private final SourceOwnership sources;
  private final IsolatingSink sink;
  private final FailureRecorder recorder;
  private final ReplayCounters counters;
  private final Clock clock;
  private final DeadLetterBrowser held;
  private final List<Candidate> batch = new ArrayList<>();
  private final List<Needless> needless = new ArrayList<>();
  private long batchBytes;
  private int succeeded;
  private int stale;
  private int ignored;
  private int failed;

  /** A dead letter whose turn it is. */
  private record Candidate(DeadLetter letter, Subject subject, MessageTrace trace) {}

  /** A dead letter that changes nothing. */
  private record Needless(Candidate candidate, ReplayCounters.Outcome outcome) {}

  /** A dead letter that changes the index. */
  private record Change(Candidate candidate, DocumentChange change) {}

  Replay(
      MessageReader reader,
      SourceOwnership sources,
      IsolatingSink sink,
      FailureRecorder recorder,
      ReplayCounters counters,
      Clock clock,
      DeadLetterBrowser held) {
    this.reader = reader;
    this.sources = sources;
    this.sink = sink;
    this.recorder = recorder;
    this.counters = counters;
    this.clock = clock;
    this.held = held;
  }

  void add(DeadLetter letter, Subject subject) {
    batch.add(new Candidate(letter, subject, MessageTrace.carriedBy(letter.message())));
    batchBytes += letter.message().size();
    if (batch.size() >= BATCH || batchBytes >= BATCH_BYTES) {
      flush();
    }
  }

  /** Brings those that were added to their ends. */
  void flush() {
    var changes = new ArrayList<Change>();
    for (Candidate candidate : batch) {
      map(candidate, changes);
    }
    batch.clear();
    batchBytes = 0;
    if (changes.isEmpty()) {
      removeNeedless();
      return;
    }
    for (List<Change> open = changes; !open.isEmpty(); ) {
      open = apply(open);
      if (!open.isEmpty()) {
        waitForLargeDocuments();
      }
    }
    removeNeedless();
  }

  /** Answers those whose large documents are not indexed yet: they are to be applied again. */
  private List<Change> apply(List<Change> changes) {
    List<Outcome> outcomes =
        sink.apply(
            changes.stream().map(Change::change).toList(),
            changes.stream().map(change -> change.candidate().trace().context()).toList());
    var deferred = new ArrayList<Change>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Deferred) {
        deferred.add(changes.get(i));
        continue;
      }
      Candidate candidate = changes.get(i).candidate();
      LogContext.set(candidate.trace().context());
      try {
        settle(candidate, outcomes.get(i));
      } finally {
        LogContext.clear();
      }
    }
    return deferred;
  }

  private static void waitForLargeDocuments() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while a large document was indexed", e);
    }
  }

  /** Of those that change nothing the failures go at once, and then they. */
  private void removeNeedless() {
    forgetFailures(needless.stream().map(one -> one.candidate().subject().change()).toList());
    for (Needless one : needless) {
      remove(one.candidate(), one.outcome());
      if (one.outcome() == ReplayCounters.Outcome.STALE) {
        stale++;
      } else {
        ignored++;
      }
    }
    needless.clear();
  }

  /** Of a document one failure is remembered, and several changes may have been put away. */
  private void forgetFailures(List<Map<DocumentId, Position>> changes) {
    var rest = new ArrayList<>(changes);
    while (!rest.isEmpty()) {
      Map<DocumentId, Position> round = new LinkedHashMap<>();
      rest.removeIf(
          change -> {
            boolean first = Collections.disjoint(round.keySet(), change.keySet());
            if (first) {
              round.putAll(change);
            }
            return first;
          });
      recorder.forget(round);
    }
  }

  private void map(Candidate candidate, List<Change> changes) {
    DeadLetter letter = candidate.letter();
    LogContext.set(candidate.trace().context());
    try {
      ReadMessage read = reader.read(letter.message(), letter.receivedAt());
      requireOwn(letter, read.progress().source());
      MappingResult result = read.result();
      if (result instanceof Refused refused) {
        throw refused.cause();
      }
      if (result instanceof Mapped mapped) {
        changes.add(new Change(candidate, mapped.change()));
      } else {
        needless.add(new Needless(candidate, ReplayCounters.Outcome.IGNORED));
      }
    } catch (RejectedException e) {
      fail(candidate, e.reason(), e.detail());
    } finally {
      LogContext.clear();
    }
  }

  /** A dead letter does not make its source the owner, so that a replay takes no index over. */
  private void requireOwn(DeadLetter letter, SourceName source) {
    int epoch = reader.sourceEpoch(letter.message());
    if (sources.belonging(source, epoch) == Belonging.FOREIGN) {
      throw sources.reject(source, epoch);
    }
  }

  private void settle(Candidate candidate, Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      fail(candidate, rejected.reason(), rejected.detail());
    } else if (outcome instanceof Outcome.Incomplete incomplete) {
      settle(candidate, incomplete.rejected());
    } else if (outcome instanceof Outcome.Stale) {
      needless.add(new Needless(candidate, ReplayCounters.Outcome.STALE));
    } else {
      // The sink's own commit has healed the document.
      succeeded++;
      remove(candidate, ReplayCounters.Outcome.SUCCEEDED);
    }
  }

  private void remove(Candidate candidate, ReplayCounters.Outcome outcome) {
    held.remove(candidate.letter());
    counters.count(outcome);
  }

  private void fail(Candidate candidate, RejectionReason reason, String detail) {
    Object document = candidate.subject().document();
    String described = document == null ? detail : document + ": " + detail;
    int sourceEpoch = reader.sourceEpoch(candidate.letter().message());
    var rejection = new Rejection(reason, described, clock.instant(), sourceEpoch);
    recorder.record(candidate.subject().document(), candidate.subject().position(), rejection);
    held.replace(candidate.letter(), rejection);
    failed++;
    counters.count(ReplayCounters.Outcome.FAILED);
  }

  ReplayReport report(long remaining) {
    return new ReplayReport(succeeded, stale, ignored, failed, remaining);
  }
}
