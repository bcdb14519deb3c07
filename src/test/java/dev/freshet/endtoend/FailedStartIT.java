package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetProcess;
import dev.freshet.support.Services;
import dev.freshet.support.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar that cannot start: one line with the mend, and an exit code. */
@BesideOthers
class FailedStartIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int CONFIGURATION = 78;
  private static final int FAILED = 1;

  @TempDir private Path folder;

  private static Map<String, String> embedded(String... more) {
    var environment = new HashMap<>(Map.of("MICRONAUT_ENVIRONMENTS", "embedded"));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  private static Map<String, String> onPostgres(String jdbcUrl) {
    // The memory feed: nothing of a broker is in the log.
    return Map.of("FRESHET_FEED", "memory", "FRESHET_JDBC_URL", jdbcUrl);
  }

  /** What the start says, which is one line for each thing that is wrong, and never a trace. */
  private String line(int exitCode, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    try (var freshet = FreshetProcess.start(folder, environment, arguments)) {
      int code = freshet.exitCode(PATIENCE);
      String log = freshet.log();
      Files.delete(folder.resolve("freshet.log"));
      List<String> lines = log.lines().filter(line -> !line.startsWith("NOTE: Picked up")).toList();
      assertThat(code).as(log).isEqualTo(exitCode);
      assertThat(lines.get(lines.size() - 1)).startsWith("freshet: ");
      assertThat(lines).as("no other complaint").noneMatch(FailedStartIT::complains);
      return lines.get(lines.size() - 1);
    }
  }

  private static boolean complains(String line) {
    return !line.startsWith("freshet: ") && !line.contains(" INFO ");
  }

  @Test
  void aPortInUseIsNamedWithTheVariable() throws Exception {
    try (var used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(used.getLocalPort());
      assertThat(line(FAILED, embedded("FRESHET_HTTP_PORT", port)))
          .isEqualTo("freshet: Port 127.0.0.1:" + port + " is in use; set FRESHET_HTTP_PORT");
    }
    assertThat(folder.resolve("data/index")).as("nothing was begun").doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FRESHET_SINKK | http | FRESHET_SINKK is not a variable of Freshet: did you mean FRESHET_SINK?",
        "FRESHET_SINK | elastic | freshet.sink is 'elastic'; use local or http",
        "FRESHET_RABBITMQ_TOPOLOGY | passive | freshet.rabbitmq.topology is 'passive': use declare, check or none",
        "FRESHET_INDEXING_BATCH_SIZE | 0 | freshet.indexing.batch-size is 0",
        "FRESHET_SOURCE_NUDGE | maybe | freshet.source.nudge is 'maybe'; write true or false",
        "FRESHET_HTTP_PORT | eighty | The port 'eighty' is not valid: set FRESHET_HTTP_PORT",
        "FRESHET_HTTP_HOST | 192.0.2.1 | The address 192.0.2.1 is not one of this machine",
        "FRESHET_HTTP_HOST | 0.0.0.0 | there is no API key",
        "FRESHET_ACCESS_ADMIN_KEY_SHA256 | abc | holds something that is not a SHA-256",
        "FRESHET_SAMPLES | /no/such/folder | the folder /no/such/folder cannot be read",
        "FRESHET_DATA_DIR | /proc/version/data | The folder /proc/version/data cannot be used",
        "MICRONAUT_CONFIG_FILES | /no/such/file.yml | /no/such/file.yml",
      })
  void aWrongSettingIsOneLine(String variable, String value, String message) throws Exception {
    assertThat(line(CONFIGURATION, embedded(variable, value))).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "freshet: {rabbitmq: {exchnge: shop}} | did you mean freshet.rabbitmq.exchange?",
        "freshet: {tables: {products: {key: [id]}}} | freshet.tables.products.key names no table",
        "freshet: {sink: lucene | file.yml",
      })
  void aWrongFileIsOneLine(String yaml, String message) throws Exception {
    Path file = Files.writeString(folder.resolve("file.yml"), yaml);
    assertThat(line(CONFIGURATION, embedded("MICRONAUT_CONFIG_FILES", file.toString())))
        .contains(message);
  }

  @Test
  void aWrongOptionOrSystemPropertyIsOneLine() throws Exception {
    assertThat(line(CONFIGURATION, embedded(), "serve", "--freshet.rabbitmq.exchnge=shop"))
        .contains("did you mean freshet.rabbitmq.exchange?");
    assertThat(line(CONFIGURATION, embedded("JDK_JAVA_OPTIONS", "-Dfreshet.jdbc.pool=3")))
        .contains("freshet.jdbc.pool is not a setting");
  }

  @Test
  void aBadRoutingKeyIsOneLine() throws Exception {
    Map<String, String> rabbitmq = Map.of("FRESHET_RABBITMQ_ROUTING_KEYS", "public.pr_*");
    assertThat(line(CONFIGURATION, rabbitmq))
        .contains("freshet.rabbitmq.routing-keys", "'public.pr_*'", "stand for a whole word");
  }

  @Test
  void aBrokenUrlIsOneLineWithoutItsPassword() throws Exception {
    Map<String, String> rabbitmq = Map.of("RABBITMQ_URL", "amqp://user:s3cr%et^x@localhost:1/");
    assertThat(line(CONFIGURATION, rabbitmq)).contains("RABBITMQ_URL").doesNotContain("s3cr");
  }

  @Test
  void aModelThatCannotBeLoadedIsOneLine() throws Exception {
    assertThat(line(CONFIGURATION, embedded("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=/dev/null/tmp")))
        .contains("The embedding model cannot be loaded", "java.io.tmpdir is /dev/null/tmp");
  }

  @Test
  void aFolderInUseByAnotherProcessIsOneLine() throws Exception {
    try (var first = FreshetProcess.start(folder.resolve("."), embedded())) {
      await().atMost(PATIENCE).until(() -> first.get("/health").startsWith("200"));
      try (var second = FreshetProcess.start(other(), embedded("FRESHET_DATA_DIR", data()))) {
        assertThat(second.exitCode(PATIENCE)).isEqualTo(FAILED);
        assertThat(second.log().lines().filter(FailedStartIT::complains)).isEmpty();
        assertThat(second.log())
            .contains("freshet: ", "is in use by another Freshet")
            .doesNotContain("Freshet answers at");
      }
    }
  }

  private Path other() throws IOException {
    return Files.createDirectory(folder.resolve("other"));
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  @Test
  void anUnknownUserOrDatabaseIsOneLine() throws Exception {
    String wrong = TestDatabase.withUser(Services.jdbcUrl(), "freshet", "wr0ng");
    assertThat(line(CONFIGURATION, onPostgres(wrong)))
        .contains("PostgreSQL refuses the user", "set FRESHET_JDBC_USER and FRESHET_JDBC_PASSWORD")
        .doesNotContain("wr0ng");
    assertThat(line(CONFIGURATION, onPostgres(TestDatabase.inDatabase("nowhere"))))
        .contains("PostgreSQL lacks the database", "nowhere", "FRESHET_JDBC_URL");
  }

  @Test
  void aMissingExtensionThatMayNotBeCreatedIsOneLine() throws Exception {
    try (var database = new TestDatabase()) {
      database.execute("REVOKE CREATE ON DATABASE " + database.name() + " FROM PUBLIC");
      assertThat(line(CONFIGURATION, onPostgres(database.jdbcUrlOfRole())))
          .contains("run CREATE EXTENSION vector as a superuser");
    }
  }

  @Test
  void aMissingRightToCreateTablesIsOneLine() throws Exception {
    try (var database = new TestDatabase()) {
      database.execute("CREATE EXTENSION vector");
      assertThat(line(CONFIGURATION, onPostgres(database.jdbcUrlOfRole())))
          .contains(
              "Freshet may not create its tables in schema 'public'", "grant its user CREATE");
    }
  }

  @Test
  void anExtensionInAnotherSchemaIsOneLine() throws Exception {
    try (var database = new TestDatabase()) {
      database.execute("CREATE SCHEMA extensions");
      database.execute("CREATE EXTENSION vector SCHEMA extensions");
      assertThat(line(CONFIGURATION, onPostgres(database.jdbcUrl())))
          .contains("schema 'extensions'", "run ALTER EXTENSION vector SET SCHEMA public");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"freshet_document", "freshet_index"})
  void aTableOfAnotherProgramIsOneLine(String table) throws Exception {
    try (var database = new TestDatabase()) {
      database.execute("CREATE TABLE " + table + " (note text)");
      assertThat(line(CONFIGURATION, onPostgres(database.jdbcUrl())))
          .contains("has a table of another program", table, "set FRESHET_JDBC_SCHEMA");
    }
  }

  @Test
  void debugShowsTheTrace() throws Exception {
    var environment = embedded("FRESHET_INDEXING_BATCH_SIZE", "0", "LOG_LEVEL", "DEBUG");
    try (var freshet = FreshetProcess.start(folder, environment)) {
      assertThat(freshet.exitCode(PATIENCE)).isEqualTo(CONFIGURATION);
      assertThat(freshet.log())
          .contains("freshet: freshet.indexing.batch-size is 0")
          .contains("\tat dev.freshet.indexing.IndexingConfiguration");
    }
  }

  @Test
  void inJsonTheLineIsOneOfTheLog() throws Exception {
    var environment = embedded("FRESHET_SINKK", "http", "LOG_FORMAT", "json");
    try (var freshet = FreshetProcess.start(folder, environment)) {
      assertThat(freshet.exitCode(PATIENCE)).isEqualTo(CONFIGURATION);
      assertThat(freshet.log().lines()).allMatch(line -> line.startsWith("{"));
      assertThat(freshet.log()).contains("\"level\":\"ERROR\"", "did you mean FRESHET_SINK?");
    }
  }

  @Test
  void aCommandThatIsNoneStartsNothing() throws Exception {
    try (var freshet = FreshetProcess.start(folder, embedded(), "stert")) {
      assertThat(freshet.exitCode(PATIENCE)).isEqualTo(64);
      assertThat(freshet.log()).startsWith("freshet: 'stert' is not a command");
    }
    try (var freshet = FreshetProcess.start(folder, embedded(), "--version")) {
      assertThat(freshet.exitCode(PATIENCE)).isZero();
      assertThat(freshet.log()).contains("Freshet 0.");
    }
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void theFolderOfTheIndexIsPrivate() throws Exception {
    try (var freshet = FreshetProcess.start(folder, embedded(), "serve")) {
      await().atMost(PATIENCE).until(() -> freshet.log().contains("Freshet answers at http://"));
      assertThat(freshet.get("/health")).startsWith("200");
      assertThat(freshet.log())
          .contains("Freshet answers at http://127.0.0.1:" + freshet.port() + " ");
      for (String name : List.of("data", "data/index")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
            .isEqualTo("rwx------");
      }
    }
  }
}
