package dev.freshet.sink.http;

import dev.freshet.hostile.Intake;
import dev.freshet.support.FuzzedMessages;
import org.junit.jupiter.api.Test;

/** Broken and hostile input, on its way to the LlamaIndex service. */
class HostileInputHttpTest {

  private static final long SEED = 20_261_121;
  private static final int MESSAGES = 300;

  @Test
  void everyMessageIsSettledAndEachCallKeepsTheContract() {
    try (var fixture = new HttpSinkFixture();
        var sink = fixture.sink(DocumentIdForm.TABLE_KEY, false);
        var intake = new Intake(sink)) {
      intake.settle(new FuzzedMessages(SEED).next(MESSAGES));

      fixture.calls();
    }
  }
}
