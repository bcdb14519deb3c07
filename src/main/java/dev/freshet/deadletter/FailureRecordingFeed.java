package dev.freshet.deadletter;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Departures;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Rejection;
import dev.freshet.store.FailureLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A feed that remembers the document of a dead letter before it puts the message away: a crash in
 * between repeats only what is idempotent. The dead letter keeps the epoch of the source under
 * which it was read.
 */
public final class FailureRecordingFeed implements ChangeFeed {

  private final ChangeFeed feed;
  private final SubjectReader subjects;
  private final FailureRecorder recorder;

  public FailureRecordingFeed(ChangeFeed feed, SubjectReader subjects, FailureLedger failures) {
    this.feed = feed;
    this.subjects = subjects;
    this.recorder = new FailureRecorder(failures);
  }

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    // Of a lost one there will be no dead letter yet: what comes again may end otherwise.
    if (delivery.isLive()) {
      recorder.record(subjects.read(delivery.message(), delivery.receivedAt()), rejection);
    }
    int sourceEpoch = subjects.sourceEpoch(delivery.message());
    return feed.deadLetter(delivery, rejection.withSourceEpoch(sourceEpoch));
  }

  @Override
  public void start() {
    feed.start();
  }

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    return feed.take(limit, patience);
  }

  @Override
  public int window() {
    return feed.window();
  }

  @Override
  public long windowBytes() {
    return feed.windowBytes();
  }

  @Override
  public void pause() {
    feed.pause();
  }

  @Override
  public boolean drain() {
    return feed.drain();
  }

  @Override
  public void resume() {
    feed.resume();
  }

  @Override
  public void giveBack(List<? extends Delivery> deliveries) {
    feed.giveBack(deliveries);
  }

  @Override
  public int held() {
    return feed.held();
  }

  @Override
  public Optional<Instant> aloneSince() {
    return feed.aloneSince();
  }

  @Override
  public Departures departures() {
    return feed.departures();
  }

  @Override
  public Optional<Backlog> backlog() {
    return feed.backlog();
  }

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {
    feed.acknowledge(deliveries);
  }

  @Override
  public void stopReceiving() {
    feed.stopReceiving();
  }

  @Override
  public FeedStatus status() {
    return feed.status();
  }

  @Override
  public void close() {
    feed.close();
  }
}
