package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreePorts;
import dev.freshet.support.FreshetProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, with few rows. */
@BesideOthers
class PlaygroundIT {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final int port = FreePorts.next();

  /** A test that fails kills Freshet, which leaves PostgreSQL running. */
  @AfterEach
  void endPostgresql() throws Exception {
    if (Files.exists(pidFile())) {
      ProcessHandle.of(postmaster()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Path pidFile() {
    return folder.resolve("playground/database/postmaster.pid");
  }

  @Test
  void aChangeBySqlIsFoundAndPostgresqlEndsWithFreshet() throws Exception {
    String octopus = "Painted with octopuses by hand.";
    try (var freshet =
        FreshetProcess.start(
            folder, Map.of(), "playground", "--rows=60", "--postgresql-port=" + port)) {
      await()
          .atMost(START)
          .untilAsserted(() -> assertThat(freshet.log()).contains("All 60 rows are searchable"));
      assertThat(freshet.log())
          .contains("http://127.0.0.1:" + freshet.port() + "\n")
          .contains("psql 'postgresql://shop:shop@127.0.0.1:" + port + "/shop'")
          .contains("curl 'http://127.0.0.1:" + freshet.port() + "/search?q=");

      assertThat(freshet.get("/playground"))
          .startsWith("200")
          .contains("psql 'postgresql://shop:shop@127.0.0.1:" + port + "/shop'")
          .contains("\"rows\":60")
          .contains("\"table\":\"public.products\",\"columns\":[\"title\",\"description\"");
      assertThat(freshet.get("/playground/rows/public.articles")).contains("\"body\":\"");
      assertThat(freshet.get("/playground/rows/public.products/7")).contains("\"key\":\"7\"");
      refusals(freshet);
      assertThat(freshet.get("/search?q=coffee&k=1&table=public.products&filter=price+%3E+1"))
          .contains("public.products/");

      JsonNode commit =
          answer(
              freshet.post(
                  "/playground/changes", change("public.products", "7", "description", octopus)));
      assertThat(commit.path("documentId").asText()).isEqualTo("public.products/7");
      assertThat(Instant.parse(commit.path("committedAt").asText()))
          .isBetween(Instant.now().minusSeconds(60), Instant.now());
      JsonNode document =
          answer(
              freshet.get(
                  "/documents/public.products/7?timeout=20s&txId=" + commit.path("txId").asText()));
      assertThat(document.path("state").asText()).isEqualTo("indexed");
      assertThat(freshet.get("/search?q=octopuses&mode=keyword&k=1")).contains(octopus);

      assertThat(
              freshet.get(
                  "/search?k=1&timeout=20s&mode=hybrid&q=violet+zeppelin&minLsn=" + bySql()))
          .contains("public.articles/1");

      ProcessHandle postgresql = ProcessHandle.of(postmaster()).orElseThrow();
      assertThat(postgresql.info().command()).isPresent();
      assertThat(freshet.terminate(END)).isTrue();
      // One that ended, and that its parent has not asked about yet, counts as alive: it has no
      // command.
      assertThat(postgresql.info().command()).isEmpty();
      assertThat(folder.resolve("playground/postgresql.log"))
          .content()
          .contains("received fast shutdown request", "database system is shut down");
    }
  }

  private static void refusals(FreshetProcess freshet) throws Exception {
    assertThat(freshet.get("/playground/rows/public.customers/1"))
        .startsWith("400")
        .contains("use public.products or public.articles");
    assertThat(freshet.get("/playground/rows/public.products/100000")).startsWith("404");
    assertThat(freshet.get("/playground/rows/public.products/1%20OR%201=1")).startsWith("404");
    assertThat(freshet.post("/playground/changes", change("public.products", "7", "id", "8")))
        .startsWith("400")
        .contains("'id' is not a column that may be changed here");
    assertThat(
            freshet.post("/playground/changes", change("public.products", "7", "price", "cheap")))
        .startsWith("400")
        .contains("PostgreSQL refuses the change");
    assertThat(
            freshet.post("/playground/changes", change("public.products", "70000", "title", "x")))
        .startsWith("404");
    assertThat(freshet.post("/playground/changes", "{\"table\": \"public.products\"}"))
        .startsWith("400")
        .contains("'key' is missing");
  }

  private static String change(String table, String key, String column, String value)
      throws Exception {
    return JSON.writeValueAsString(
        Map.of("table", table, "key", key, "values", Map.of(column, value)));
  }

  private static JsonNode answer(String answer) throws Exception {
    assertThat(answer).startsWith("200 ");
    return JSON.readTree(answer.substring("200 ".length()));
  }

  /** As a user does it in psql. */
  private String bySql() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:%d/shop?user=shop&password=shop".formatted(port);
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE articles SET body = 'A violet zeppelin lands.' WHERE id = 1");
      try (var row = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private long postmaster() throws Exception {
    return Long.parseLong(Files.readAllLines(pidFile()).get(0).strip());
  }
}
