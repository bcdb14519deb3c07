package dev.freshet.freshness;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Messages that tests take and settle. */
final class Messages {

  static final Instant ARRIVED = Instant.parse("2026-11-21T12:00:00Z");

  private Messages() {}

  /** A message with a connection of its own. */
  record Message(
      ChangeMessage message, Instant receivedAt, boolean isRedelivered, AtomicBoolean live)
      implements Delivery {

    @Override
    public Partition partition() {
      return Partition.ONLY;
    }

    @Override
    public boolean isLive() {
      return live.get();
    }

    void loseConnection() {
      live.set(false);
    }
  }

  static final SourceName SHOP = new SourceName("db", "shop");

  static Message message() {
    return message(ARRIVED, false);
  }

  static Message message(Instant receivedAt, boolean redelivered) {
    var body = new ChangeMessage("public.products", Map.of(), new byte[0]);
    return new Message(body, receivedAt, redelivered, new AtomicBoolean(true));
  }

  static SourceProgress proves(long lsn) {
    return new SourceProgress(SHOP, place(lsn), null);
  }

  static CommitPosition place(long lsn) {
    return new CommitPosition(0, new Lsn(lsn));
  }
}
