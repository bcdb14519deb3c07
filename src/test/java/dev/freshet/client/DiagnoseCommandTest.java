package dev.freshet.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DiagnoseCommandTest {

  private static final String JOBS =
      """
      {"jobs":[{"id":"1","request":{"table":"public.products","where":"owner = 'Ada'"},
       "report":{"missing":{"count":1,"examples":["Ada"]},"remarks":[]}},
       {"id":"2","request":{"table":"public.products"},"report":null}]}
      """;
  private static final String DEAD_LETTERS =
      """
      {"deadLetters":[{"table":"public.products","key":"Ada","reason":"too-large","detail":"Ada"},
       {"table":null,"key":null,"reason":"too-large","detail":"Ada"}],"waiting":7,"complete":true}
      """;

  @TempDir private Path folder;
  private final ScriptedService service = new ScriptedService();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private Path bundle;

  DiagnoseCommandTest() throws IOException {}

  @BeforeEach
  void name() {
    bundle = folder.resolve("bundle.zip");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private int run(String... arguments) {
    var all = new ArrayList<String>(List.of("--output", bundle.toString()));
    all.addAll(List.of(arguments));
    if (!String.join(" ", arguments).contains("--url")) {
      all.addAll(List.of("--url", service.url()));
    }
    return new CommandLine(new DiagnoseCommand("from-environment"))
        .setOut(writer(out))
        .setErr(writer(errors))
        .execute(all.toArray(String[]::new));
  }

  private static PrintWriter writer(ByteArrayOutputStream bytes) {
    return new PrintWriter(bytes, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private Map<String, String> files() throws IOException {
    var files = new TreeMap<String, String>();
    try (var zip = new ZipInputStream(Files.newInputStream(bundle))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(files().get("summary.json"));
  }

  private void everythingAnswers() {
    service
        .then(503, "{\"status\":\"DOWN\"}")
        .then(200, "{\"status\":{\"word\":\"behind\"}}")
        .then(200, "{\"version\":\"1.2.3\",\"settings\":{}}")
        .then(200, JOBS)
        .then(200, DEAD_LETTERS)
        .then(200, "# TYPE freshet_alarm gauge\n");
  }

  @Test
  void eachAnswerIsAFileWithItsStatusAndTime() throws IOException {
    everythingAnswers();

    assertThat(run()).isZero();
    assertThat(files())
        .containsOnlyKeys(
            "dead-letters.json",
            "freshness.json",
            "health.json",
            "info.json",
            "jobs.json",
            "metrics.txt",
            "summary.json");
    assertThat(files().get("health.json")).contains("DOWN");
    assertThat(files().get("metrics.txt")).isEqualTo("# TYPE freshet_alarm gauge\n");
    JsonNode health = summary().at("/calls/0");
    assertThat(health.path("call").asText()).isEqualTo("GET /health");
    assertThat(health.path("status").asInt()).isEqualTo(503);
    assertThat(health.path("askedAt").asText()).endsWith("Z");
    assertThat(health.path("millis").isNumber()).isTrue();
    assertThat(out()).contains("health.json: status 503 in ").endsWith("written: " + bundle + "\n");
    assertThat(service.asked).hasSize(6);
    assertThat(service.keys).containsOnly("Bearer from-environment");
  }

  @Test
  void itHoldsNoKeyOfARowAndNoKeyOfTheApi() throws IOException {
    everythingAnswers();

    assertThat(run()).isZero();
    assertThat(files().toString()).doesNotContain("Ada", "from-environment");
    assertThat(new ObjectMapper().readTree(files().get("dead-letters.json")).toString())
        .isEqualTo(
            "{\"waiting\":7,\"counted\":2,\"byReason\":{\"too-large\":2},"
                + "\"byTable\":{\"public.products\":1,\"none\":1}}");
    assertThat(files().get("jobs.json")).contains("\"count\" : 1", "(left out)");
  }

  @Test
  void itIsForItsOwnerOnly() throws IOException {
    everythingAnswers();

    assertThat(run()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bundle)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsNotAnsweredIsNamedWithTheReason() throws IOException {
    service
        .then(200, "{\"status\":\"UP\"}")
        .then(401, "{\"detail\":\"no\\nkey\"}")
        .then(404, "")
        .then(200, "<html>")
        .then(200, DEAD_LETTERS)
        .then(500, "");

    assertThat(run()).isEqualTo(1);
    assertThat(files()).containsOnlyKeys("dead-letters.json", "health.json", "summary.json");
    assertThat(summary().path("calls").findValuesAsText("problem"))
        .containsExactly(
            "null",
            "no key",
            "there is no such call: the service is older than this command, or no Freshet",
            "the answer is not JSON: is this the address of a Freshet?",
            "null",
            "the service answers with status 500");
    assertThat(out())
        .contains("freshness.json is left out: no key\n")
        .endsWith("written: " + bundle + ", in which 4 of the answers are missing\n");
  }

  @Test
  void ofAServiceThatIsNotThereTheReasonIsWritten() throws IOException {
    service.close();

    assertThat(run("--url", service.url().replace("//", "//user:s3cret@"))).isEqualTo(1);
    assertThat(files()).containsOnlyKeys("summary.json");
    assertThat(files().get("summary.json"))
        .contains("the connection is refused", service.url())
        .doesNotContain("s3cret");
    assertThat(out()).doesNotContain("s3cret", "Exception");
  }

  @Test
  void aFileThatIsThereIsNotReplaced() throws IOException {
    everythingAnswers();
    Files.writeString(bundle, "precious");

    assertThat(run()).isEqualTo(1);
    assertThat(bundle).hasContent("precious");
    assertThat(out()).endsWith("is there already: name another file in --output\n");
  }

  @Test
  void aFolderThatIsNotThereIsToldInOneLine() {
    everythingAnswers();
    bundle = folder.resolve("none").resolve("bundle.zip");

    assertThat(run()).isEqualTo(1);
    assertThat(out()).contains("cannot be written").doesNotContain("\tat ");
  }

  @Test
  void theKeyMayStandInAFile() throws IOException {
    everythingAnswers();
    Path key = Files.writeString(folder.resolve("key"), "of-a-file\n");

    assertThat(run("--key-file", key.toString())).isZero();
    assertThat(service.keys).containsOnly("Bearer of-a-file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--url=",
        "--url=ftp://localhost",
        "--api-key=",
        "--api-key=k --key-file=none",
        "--key-file=none",
        "--key-file=KEY",
        "--output",
        "--lsn=1",
        "now"
      })
  void aMistypedCommandAsksNothing(String arguments) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "s3cret\nof two lines");

    assertThat(run(arguments.replace("KEY", key.toString()).split(" "))).isEqualTo(64);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .isNotBlank()
        .doesNotContain("\tat ", "s3cret");
    assertThat(service.asked).isEmpty();
    assertThat(bundle).doesNotExist();
  }

  @Test
  void helpNamesTheOptionsAndTheExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out()).contains("--url", "--key-file", "--output", "FRESHET_API_KEY", "1 something");
  }
}
