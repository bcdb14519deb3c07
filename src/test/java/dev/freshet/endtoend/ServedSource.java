package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.SourceDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of a source with the table {@code public.products}, and of a server that indexes it. A
 * server that is started again finds the index of the first.
 */
abstract class ServedSource {

  @TempDir private Path folder;

  SourceDatabase source;
  FreshetServer server;

  /** The source as it is before a server reads it. */
  abstract String[] tables();

  @BeforeEach
  void createSource() throws SQLException {
    source = SourceDatabase.create(tables());
  }

  @AfterEach
  void dropSource() throws Exception {
    stop();
    source.close();
  }

  /**
   * Reads the source's log, unless the properties name another feed.
   *
   * @param beans take the place of the service's own
   */
  void start(Map<String, Object> more, Object... beans) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", "postgresql");
    properties.put("freshet.store", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.capture.slot", "s" + source.name());
    properties.putAll(more);
    server = FreshetServer.start(properties, beans);
  }

  void stop() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
  }

  void awaitAnswer(String path, String... parts) {
    patiently().untilAsserted(() -> assertThat(server.get(path).body()).contains(parts));
  }

  /** Waits until a product is {@code indexed}, {@code deleted} or {@code failed}. */
  void awaitState(int product, String state) {
    awaitStateOf("/documents/public.products/" + product, state);
  }

  private JsonNode awaitStateOf(String path, String state) {
    patiently()
        .untilAsserted(
            () -> {
              var answer = server.get(path);
              assertThat(answer.json().path("state").asText()).as(answer.body()).isEqualTo(state);
            });
    return server.get(path).json();
  }

  /** Waits until a search for the words finds a product. */
  void awaitText(int product, String words) {
    patiently()
        .untilAsserted(
            () ->
                assertThat(
                        server
                            .get("/search?mode=keyword&k=50&q=" + FreshetServer.encode(words))
                            .json()
                            .findValuesAsText("documentId"))
                    .contains("public.products/" + product));
  }

  /** Asks for a job; answers its id. */
  String begin(String call) {
    var answer = server.post(call, "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer.json().path("id").asText();
  }

  /** Waits until a job is in a state; answers the job. */
  JsonNode awaitJob(String job, String state) {
    return awaitStateOf("/jobs/" + job, state);
  }
}
