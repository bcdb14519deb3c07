package dev.freshet.capture;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangeRelay;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.DeadLettersContract;
import dev.freshet.feed.DeliveryBuffer;
import dev.freshet.support.InMemoryDeadLetterLedger;
import java.time.Clock;

class LedgerDeadLettersTest extends DeadLettersContract {

  private final DeliveryBuffer buffer = new DeliveryBuffer(1_000, 1_000_000, Clock.systemUTC());
  private final LedgerDeadLetters deadLetters =
      new LedgerDeadLetters(new InMemoryDeadLetterLedger());

  @Override
  protected ChangeFeed createFeed() {
    return new CaptureFeed(new ScriptedReader(), buffer, deadLetters, ChangeRelay.NONE);
  }

  @Override
  protected DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  protected void publish(ChangeMessage message) throws Exception {
    buffer.put(message, () -> {});
  }
}
