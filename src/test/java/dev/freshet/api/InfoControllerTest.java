package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.BuildOrigin;
import dev.freshet.api.Calls.Answer;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@MicronautTest(environments = "fakes", transactional = false)
@Property(name = "freshet.source-epoch", value = "3")
@Property(name = "freshet.tables.public.products.key", value = "id")
@Property(name = "freshet.jdbc.url", value = "jdbc:postgresql://db/shop?password=s3cret")
@Property(name = "freshet.jdbc.password", value = "s3cret")
class InfoControllerTest {

  @Inject EmbeddedServer server;

  @Test
  void itSaysWhatRunsHereAndNoSecret() {
    Answer answer = new Calls(server).get("/info");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode body = answer.body();
    assertThat(body.path("version").asText()).isEqualTo(BuildOrigin.present().version());
    assertThat(body.path("java").asText()).startsWith(Runtime.version().toString());
    assertThat(Instant.parse(body.path("startedAt").asText())).isBefore(Instant.now());
    assertThat(body.path("feed").asText()).isEqualTo("memory");
    assertThat(body.path("sink").asText()).isEqualTo("local");
    assertThat(body.path("store").asText()).isEqualTo("lucene");
    assertThat(body.at("/embedding/model").asText()).isEqualTo("test-model");
    assertThat(body.at("/embedding/dimensions").asInt()).isEqualTo(384);
    assertThat(body.at("/splitting/maxTokens").asInt()).isEqualTo(256);
    assertThat(body.path("sourceEpoch").asInt()).isEqualTo(3);
    assertThat(body.path("tables").toString()).isEqualTo("[\"public.products\"]");
    assertThat(body.path("schemaVersion").isNull()).isTrue();
    assertThat(body.path("settings").path("freshet.jdbc.url").asText())
        .isEqualTo("jdbc:postgresql://db/shop?…");
    assertThat(answer.text()).doesNotContain("s3cret");
  }

  @Test
  void itTakesNoParameter() {
    assertThat(new Calls(server).get("/info?all=true").status()).isEqualTo(400);
  }
}
