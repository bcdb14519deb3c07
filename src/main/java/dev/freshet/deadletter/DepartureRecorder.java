package dev.freshet.deadletter;

import dev.freshet.RejectionReason;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Departures;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.Rejection;
import dev.freshet.freshness.Departed;
import dev.freshet.freshness.Losses;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.ledger.FailureLedger;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceOwnership.Belonging;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers that the documents of messages which left the feed by themselves have failed, as of
 * those that Freshet puts away.
 */
public final class DepartureRecorder implements Departed {

  private static final Logger LOG = LoggerFactory.getLogger(DepartureRecorder.class);

  private final FeedState feed;
  private final SubjectReader subjects;
  private final SourceOwnership sources;
  private final FailureRecorder recorder;
  private final Losses losses;
  private final Clock clock;

  public DepartureRecorder(
      FeedState feed,
      SubjectReader subjects,
      SourceOwnership sources,
      FailureLedger failures,
      Losses losses,
      Clock clock) {
    this.feed = feed;
    this.subjects = subjects;
    this.sources = sources;
    this.recorder = new FailureRecorder(failures);
    this.losses = losses;
    this.clock = clock;
  }

  @Override
  public synchronized Standing account() {
    var failed = new ArrayList<Failed>();
    Departures departures = feed.departures();
    Departures.Account account = departures.account(letter -> record(letter, failed));
    if (!account.losses().isEmpty()) {
      losses.add(account.losses());
      departures.noted(account.losses());
    }
    String caveat = Optional.ofNullable(account.blind()).or(losses::sentence).orElse(null);
    return new Standing(account.open(), caveat, failed);
  }

  private void record(DeadLetter letter, List<Failed> failed) {
    SubjectReader.Contents contents = subjects.read(letter);
    Subject subject = contents.subject();
    var rejection =
        new Rejection(
            reason(letter),
            Optional.ofNullable(letter.detail()).orElse(letter.reason()),
            Optional.ofNullable(letter.failedAt()).orElseGet(clock::instant));
    LOG.error(
        "A message of routing key '{}' left the queue unsettled ({}): {}",
        letter.message().routingKey(),
        letter.reason(),
        letter.detail());
    // Another source's row is not the one that the index knows under this key.
    if (sources.belonging(contents.source(), subjects.sourceEpoch(letter)) == Belonging.FOREIGN) {
      return;
    }
    recorder.recordUnlessKnown(subject.document(), subject.position(), rejection);
    if (subject.document() != null) {
      failed.add(new Failed(subject.document(), contents.txId()));
    }
  }

  private static RejectionReason reason(DeadLetter letter) {
    RejectionReason named = RejectionReason.ofLabel(letter.reason());
    return named == RejectionReason.INTERNAL_ERROR ? RejectionReason.REJECTED : named;
  }
}
