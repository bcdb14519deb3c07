package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.FreshetServer;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What an operator asks of a service about jobs. */
record JobCalls(FreshetServer server) {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  String begin(String call) {
    var answer = server.post(call, "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer.json().path("id").asText();
  }

  JsonNode read(String job) {
    return server.get("/jobs/" + job).json();
  }

  void change(String job, String verb) {
    assertThat(server.post("/jobs/" + job + "/" + verb, "").status()).isEqualTo(200);
  }

  JsonNode awaitState(String job, String state) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(read(job).path("state").asText())
                    .as(read(job).toString())
                    .isEqualTo(state));
    return read(job);
  }

  void awaitDone(String job, long more) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> read(job).path("done").asLong() >= more);
  }

  /** The entry of a table in /freshness. */
  Optional<JsonNode> table(String table) {
    JsonNode tables = server.get("/freshness").json().path("tables");
    return StreamSupport.stream(tables.spliterator(), false)
        .filter(entry -> entry.path("table").asText().equals(table))
        .findFirst();
  }

  long documents(String table) {
    return table(table).map(entry -> entry.path("documents").asLong()).orElse(0L);
  }
}
