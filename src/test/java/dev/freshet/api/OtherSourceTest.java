package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.SourceName;
import dev.freshet.source.SourceOwnership;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@MicronautTest(environments = "fakes", transactional = false)
class OtherSourceTest {

  @Inject EmbeddedServer server;
  @Inject SourceOwnership sources;

  @Test
  void anotherSourceShowsInHealthInFreshnessAndInAMetric() {
    var calls = new Calls(server);
    sources.claim(new SourceName("db", "shop"), 0);
    assertThat(calls.get("/freshness").body().at("/source/owner").asText()).isEqualTo("db/shop");
    assertThat(calls.get("/health").status()).isEqualTo(200);

    sources.reject(new SourceName("crm", "customers"), 0);

    var health = calls.get("/health");
    assertThat(health.status()).isEqualTo(503);
    assertThat(health.body().at("/details/source/details/description").asText())
        .contains("crm/customers", "other-source");
    assertThat(calls.get("/health/readiness").status()).isEqualTo(200);
    JsonNode others = calls.get("/freshness").body().at("/source/others");
    assertThat(others).hasSize(1);
    assertThat(others.at("/0/source").asText()).isEqualTo("crm/customers");
    assertThat(others.at("/0/changes").asLong()).isEqualTo(1);
    assertThat(calls.get("/prometheus").text()).contains("freshet_source_others 1");
  }
}
