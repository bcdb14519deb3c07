package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.api.Calls.Answer;
import dev.freshet.freshness.RecentChanges;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@MicronautTest(environments = "fakes", transactional = false)
class RecentChangesControllerTest {

  @Inject EmbeddedServer server;
  @Inject RecentChanges recent;

  @Test
  void theNewestChangeComesFirstWithWhatBecameOfIt() {
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    recent.add(
        new RecentChanges.Change(
            "public.products", "1", "upsert", "indexed", null, "0/16B3748", 754L, at, at));
    recent.add(
        new RecentChanges.Change(
            null, null, null, "dead-lettered", "undecodable", null, null, null, at));

    Answer answer = new Calls(server).get("/changes/recent");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().at("/changes/0/outcome").asText()).isEqualTo("dead-lettered");
    assertThat(answer.body().at("/changes/0/table").isNull()).isTrue();
    assertThat(answer.body().at("/changes/1").toString())
        .isEqualTo(
            "{\"table\":\"public.products\",\"key\":\"1\",\"operation\":\"upsert\",\"outcome\":\"indexed\","
                + "\"reason\":null,\"lsn\":\"0/16B3748\",\"txId\":754,"
                + "\"committedAt\":\"2026-01-01T00:00:00Z\",\"settledAt\":\"2026-01-01T00:00:00Z\"}");
  }

  @Test
  void aParameterIsRefused() {
    assertThat(new Calls(server).get("/changes/recent?limit=5").status()).isEqualTo(400);
  }
}
