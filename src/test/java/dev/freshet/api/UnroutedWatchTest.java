package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Unrouted;
import dev.freshet.feed.UnroutedMessages;
import dev.freshet.freshness.Freshness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnroutedWatchTest {

  private static UnroutedWatch watch(long waiting, boolean newestIsBound) {
    var unrouted =
        new Unrouted(
            waiting, "public.bulk", newestIsBound, List.of("public.bulk"), "db.events.unrouted");
    var watch =
        new UnroutedWatch(
            new UnroutedMessages() {
              @Override
              public Optional<Unrouted> look() {
                return Optional.of(unrouted);
              }

              @Override
              public Rerouted reroute(int limit) {
                throw new UnsupportedOperationException();
              }
            },
            new SimpleMeterRegistry());
    watch.measure();
    return watch;
  }

  /** The watermark passes them, so whoever asks how fresh the index is must hear of them. */
  @Test
  void everyAnswerTellsThatMessagesAreUnrouted() {
    assertThat(watch(0, false).note()).isEmpty();
    Optional<String> note = watch(1_005, false).note();
    assertThat(note).get().asString().startsWith("1005 messages").contains("GET /freshness");
    var fresh = new Freshness(null, null, true, null, null, null, null, null, null);
    assertThat(FreshnessBlock.of(fresh, note).note()).isEqualTo(note.orElseThrow());
  }

  @Test
  void whatIsBoundByNowOnlyHasToBeReplayed() {
    assertThat(watch(5, true).alarms().get(0).remedy())
        .isEqualTo("'public.bulk' is bound by now: call POST /unrouted/replay");
    assertThat(watch(5, false).alarms().get(0).remedy()).contains("freshet.rabbitmq.routing-keys");
  }
}
