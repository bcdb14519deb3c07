package dev.freshet.capture;

import dev.freshet.feed.Departures;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.RetainedLog;
import java.time.Instant;
import java.util.Optional;

/** What fills the feed's buffer from the source's log. */
interface LogReader extends AutoCloseable {

  /** Begins, in the background. */
  void start();

  /** Whether it reads now, or stands by; answers at once. */
  FeedStatus status();

  /** As {@link dev.freshet.feed.FeedState#phase}. */
  FeedPhase phase();

  /** Since when it reads the log, from the first change that is not settled on; else empty. */
  Optional<Instant> readingSince();

  /** Whether everything that was committed some seconds ago has been read. */
  boolean isCurrent();

  /** The slot, as of the last heartbeat; empty while another instance reads it. */
  Optional<RetainedLog> retained();

  /** What may have left the log unread. */
  Departures departures();

  @Override
  void close();
}
