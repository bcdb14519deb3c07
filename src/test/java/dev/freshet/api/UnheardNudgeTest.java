package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.api.Calls.Answer;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.FreshnessPoller;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.source.SourceNudge;
import io.micronaut.context.annotation.Requires;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The source takes the nudges, and nothing comes back. */
@MicronautTest(
    environments = {"fakes", "nudged"},
    transactional = false)
class UnheardNudgeTest {

  @Inject EmbeddedServer server;
  @Inject FakeFeed feed;
  @Inject FreshnessPoller poller;
  @Inject CommitWaits commits;
  @Inject IndexingProgress progress;

  private record Taken(ChangeMessage message, Instant receivedAt) implements Delivery {

    @Override
    public Partition partition() {
      return Partition.ONLY;
    }
  }

  @Singleton
  @Requires(env = "nudged")
  static final class TakenNudge implements SourceNudge {

    private volatile Optional<Instant> lastSent = Optional.empty();

    @Override
    public void nudge() {
      lastSent = Optional.of(Instant.now());
    }

    @Override
    public Optional<Instant> lastSent() {
      return lastSent;
    }
  }

  private Answer late(long waiting) {
    feed.backlog = () -> Optional.of(new Backlog(waiting, 0));
    poller.refresh();
    return new Calls(server).get("/search?q=mouse&minLsn=FF/0&timeout=300ms");
  }

  @Test
  void aWaitThatEndsLateNamesTheBindingThatIsMissing() {
    feed.takesLogicalMessages = false;
    assertThat(late(0).detail()).contains("db.message", "freshet.rabbitmq.routing-keys");
    assertThat(late(7).detail()).contains("7 messages wait").doesNotContain("db.message");

    var heard = new Taken(new ChangeMessage("db.message", Map.of(), new byte[0]), Instant.now());
    progress.take(List.of(heard));
    progress.heard();
    assertThat(commits.unheardNudge()).isEmpty();
  }

  /** What follows later helps a wait for a position, and not this one. */
  @Test
  void aTransactionThatHasNotComeIsToldWhatToLookAt() {
    assertThat(late(0).detail()).contains("nothing has come from it since");

    assertThat(new Calls(server).get("/documents/public.products/1?txId=7&timeout=20ms").detail())
        .contains("transaction 7", "has committed and changed this row", "stale=allow")
        .doesNotContain("logical message", "heartbeat", "committed later");
  }

  @Test
  void aBindingThatIsThereIsNotBlamed() {
    feed.takesLogicalMessages = true;

    assertThat(late(0).detail())
        .contains("nothing has come from it since", "whether Debezium runs")
        .doesNotContain("routing-keys");
  }
}
