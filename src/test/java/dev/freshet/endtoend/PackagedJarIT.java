package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.BuildOrigin;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetProcess;
import dev.freshet.support.Services;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises, with the jar that a user runs. */
@BesideOthers
class PackagedJarIT {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Map<String, String> EMBEDDED = Map.of("MICRONAUT_ENVIRONMENTS", "embedded");

  private static final String EVENT =
      """
      {"op": "c",
       "after": {"id": 42, "title": "Espresso maker", "description": "Brews strong coffee."},
       "source": {"schema": "public", "table": "products"}}
      """;

  @TempDir private Path folder;

  @Test
  void embeddedItIndexesTheSamplesTakesAnEventAndRemembersBothAcrossARestart() throws Exception {
    try (var freshet = FreshetProcess.start(folder, EMBEDDED)) {
      await()
          .atMost(START)
          .until(() -> freshet.get("/search?q=something+to+sleep+in&k=1").contains("sleeping bag"));
      assertThat(freshet.post("/events", EVENT)).isEqualTo("202 {\"accepted\":1}");
      await().until(() -> freshet.get("/documents/public.products/42").contains("\"indexed\""));
      assertThat(freshet.get("/search?q=hot+drinks&k=1")).contains("public.products/42");
      assertThat(freshet.get("/search?q=tent&mode=keyword&filter=price+%3E+400+and+in_stock=true"))
          .startsWith("200")
          .contains("Ridge two-person tent");
      assertThat(freshet.get("/health")).startsWith("200");
      assertThat(freshet.get("/prometheus")).contains("freshet_events_total");
      assertThat(freshet.log()).contains("/search?q=");
      assertThat(freshet.get("/info"))
          .contains("\"version\":\"" + BuildOrigin.present().version() + "\"")
          .contains("\"store\":\"lucene\"", "\"model\":\"all-minilm-l6-v2");
      assertThat(diagnosis(freshet, 0))
          .contains("dead-letters.json", "\"waiting\" : 0", "freshet_events_total", "\"settings\"");
      assertThat(freshet.terminate(Duration.ofSeconds(20))).isTrue();
    }
    try (var again = FreshetProcess.start(folder, EMBEDDED)) {
      await()
          .atMost(START)
          .until(() -> again.get("/search?q=hot+drinks&k=1").contains("public.products/42"));
      assertThat(again.get("/prometheus")).doesNotContain("outcome=\"indexed\"");
    }
  }

  @Test
  void withoutItsServersItStaysUpSaysWhatIsMissingAndEndsOnRequest() throws Exception {
    Map<String, String> nowhere =
        Map.of(
            "RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:1/",
            "FRESHET_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/freshet");
    try (var freshet = FreshetProcess.start(folder, nowhere)) {
      await().atMost(START).until(() -> freshet.get("/health").startsWith("503"));
      assertThat(freshet.get("/health"))
          .contains("127.0.0.1:1")
          .contains("Connection to 127.0.0.1:1 refused")
          .doesNotContain("guest:guest");
      assertThat(freshet.get("/health/liveness")).startsWith("200");
      assertThat(freshet.get("/health/readiness")).startsWith("503");
      assertThat(freshet.get("/search?q=x")).startsWith("503").contains("PostgreSQL");
      assertThat(freshet.terminate(Duration.ofSeconds(25))).isTrue();
    }
  }

  @Test
  void aDiagnosisNamesWhatDoesNotAnswerAndNoSecret() throws Exception {
    Map<String, String> nowhere =
        Map.of(
            "LOG_LEVEL", "WARN",
            "RABBITMQ_URL", "amqp://user:s3cret@127.0.0.1:1/",
            "LLAMA_SERVICE_URL", "http://user:s3cret@127.0.0.1:1/",
            "FRESHET_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/freshet?user=u&password=s3cret",
            "FRESHET_JDBC_TIMEOUT", "1s");
    try (var freshet = FreshetProcess.start(folder, nowhere)) {
      await().atMost(START).until(() -> freshet.get("/health/liveness").startsWith("200"));
      assertThat(diagnosis(freshet, 1))
          .contains("\"log.level\" : \"WARN\"", "\"http://127.0.0.1:1/\"")
          .contains("amqp://127.0.0.1:1/", "jdbc:postgresql://127.0.0.1:1/freshet?…")
          .contains("\"call\" : \"GET /jobs\"", "the dead-letter queue of RabbitMQ")
          .doesNotContain("s3cret");
      logLevelsChangeWithoutARestart(freshet);
    }
  }

  /** LOG_LEVEL is what it begins with, and what a reset brings back. */
  private static void logLevelsChangeWithoutARestart(FreshetProcess freshet) throws Exception {
    String unloaded = "/loggers/dev.freshet.job.backfill";
    assertThat(freshet.post(unloaded + "?level=DEBUG", "")).startsWith("200");
    assertThat(freshet.post("/loggers/dev.freshet?level=INFO", "")).startsWith("200");
    assertThat(freshet.post("/loggers/dev.freshet?level=loud", "")).startsWith("400");
    assertThat(freshet.get("/loggers"))
        .contains("{\"name\":\"dev.freshet\",\"level\":\"INFO\",\"changed\":true}");
    assertThat(freshet.log()).contains("The log level of dev.freshet is INFO now");
    assertThat(freshet.delete("/loggers/dev.freshet")).contains("\"level\":\"WARN\"");
  }

  /** What the command collects, all files in one text. */
  private String diagnosis(FreshetProcess freshet, int exitCode) throws Exception {
    Path bundle = folder.resolve("bundle.zip");
    String url = "http://127.0.0.1:" + freshet.port();
    Path asking = Files.createDirectory(folder.resolve("asking"));
    try (var command =
        FreshetProcess.start(
            asking, Map.of(), "diagnose", "--url", url, "--output", bundle.toString())) {
      assertThat(command.exitCode(START)).as(command.log()).isEqualTo(exitCode);
      assertThat(command.log()).contains("written: " + bundle);
    }
    var text = new StringBuilder();
    try (var zip = new ZipInputStream(Files.newInputStream(bundle))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        text.append(entry.getName()).append('\n');
        text.append(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }

  @Test
  void onPgvectorAndRabbitmqAChangeBecomesSearchable() throws Exception {
    try (var queue = TestQueue.open();
        var schema = new TestSchema()) {
      var environment = new HashMap<>(queue.environment());
      environment.put("FRESHET_JDBC_URL", Services.jdbcUrl());
      environment.put("FRESHET_JDBC_SCHEMA", schema.name());
      try (var freshet = FreshetProcess.start(folder, environment)) {
        await().atMost(START).until(() -> freshet.get("/health").startsWith("200"));
        assertThat(freshet.post("/events", EVENT)).isEqualTo("202 {\"accepted\":1}");
        await().until(() -> freshet.get("/documents/public.products/42").contains("\"indexed\""));
        assertThat(freshet.get("/search?q=coffee&mode=hybrid")).contains("public.products/42");
        assertThat(freshet.get("/info")).contains("\"schemaVersion\":\"13\"");
        assertThat(freshet.terminate(Duration.ofSeconds(20))).isTrue();
      }
      assertThat(queue.waiting()).isZero();
    }
  }

  @Test
  void withACheckedTopologyItStartsAndSaysWhatIsMissing() throws Exception {
    try (var schema = new TestSchema()) {
      Map<String, String> checked =
          Map.of(
              "RABBITMQ_URL", Services.rabbitmqUrl(),
              "FRESHET_RABBITMQ_TOPOLOGY", "check",
              "FRESHET_RABBITMQ_QUEUE", schema.name(),
              "FRESHET_JDBC_URL", Services.jdbcUrl(),
              "FRESHET_JDBC_SCHEMA", schema.name());
      try (var freshet = FreshetProcess.start(folder, checked)) {
        await()
            .atMost(START)
            .untilAsserted(
                () ->
                    assertThat(freshet.log())
                        .contains("Freshet answers at http://127.0.0.1:" + freshet.port())
                        .contains("queue '" + schema.name() + "' does not exist"));
        assertThat(freshet.get("/health")).startsWith("503");
      }
    }
  }

  @Test
  void aWrongSettingEndsTheStartWithItsKey() throws Exception {
    Map<String, String> wrong = new HashMap<>(EMBEDDED);
    wrong.put("FRESHET_INDEXING_BATCH_SIZE", "0");
    try (var freshet = FreshetProcess.start(folder, wrong)) {
      await().atMost(START).until(() -> !freshet.isAlive());
      assertThat(freshet.log()).contains("freshet.indexing.batch-size is 0");
    }
  }

  @Test
  void onAnAddressThatOthersReachItStartsWithAKeyOnly() throws Exception {
    Map<String, String> everywhere = new HashMap<>(EMBEDDED);
    everywhere.put("FRESHET_HTTP_HOST", "0.0.0.0");
    try (var freshet = FreshetProcess.start(folder, everywhere)) {
      await().atMost(START).until(() -> !freshet.isAlive());
      assertThat(freshet.log()).contains("set FRESHET_ACCESS_ADMIN_KEY_SHA256");
    }
    // printf %s secret | sha256sum
    everywhere.put(
        "FRESHET_ACCESS_READ_KEY_SHA256",
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b");
    try (var freshet = FreshetProcess.start(folder, everywhere)) {
      await().atMost(START).until(() -> freshet.get("/health").startsWith("200"));
      assertThat(freshet.get("/search?q=tent")).startsWith("401");
      assertThat(freshet.get("/search?q=tent", "secret")).startsWith("200");
      assertThat(freshet.post("/events", EVENT)).startsWith("401");
    }
  }

  @Test
  void aBrokenUrlEndsTheStartWithoutItsPassword() throws Exception {
    Map<String, String> wrong = Map.of("RABBITMQ_URL", "amqp://user:s3cr%et^x@localhost:1/");
    try (var freshet = FreshetProcess.start(folder, wrong)) {
      await().atMost(START).until(() -> !freshet.isAlive());
      assertThat(freshet.log()).contains("RABBITMQ_URL").doesNotContain("s3cr");
    }
  }
}
