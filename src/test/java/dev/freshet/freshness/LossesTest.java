package dev.freshet.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Loss;
import dev.freshet.support.InMemoryNotes;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossesTest {

  private static final Instant FIRST = Instant.parse("2026-11-27T10:00:00Z");

  private final InMemoryNotes notes = new InMemoryNotes();
  private final Losses losses = new Losses(notes);

  @Test
  void lossesAddUpAndSurviveARestartUntilTheyAreMended() {
    losses.add(List.of(new Loss(3, FIRST, "the queue q was purged")));
    losses.add(List.of(new Loss(2, FIRST.plusSeconds(5), "the queue q was deleted")));

    var restarted = new Losses(notes);
    assertThat(restarted.sentence()).get().asString().contains("q was deleted", "DELETE");
    assertThat(restarted.known()).contains(new Loss(5, FIRST, "the queue q was deleted"));

    losses.forget();
    restarted.refresh();
    assertThat(restarted.known()).isEmpty();
    assertThat(restarted.sentence()).isEmpty();
  }

  @Test
  void aNoteThatCannotBeReadIsALossAllTheSame() {
    notes.write("feed.losses", "what a later version wrote");
    assertThat(losses.sentence()).get().asString().contains("what a later version wrote");
  }
}
