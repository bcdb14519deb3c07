package dev.freshet.client;

import static dev.freshet.client.ScriptedService.document;
import static dev.freshet.client.ScriptedService.late;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class AwaitCommandTest {

  private final ScriptedService service = new ScriptedService();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  AwaitCommandTest() throws IOException {}

  @AfterEach
  void stop() {
    service.close();
  }

  private int run(String... arguments) {
    var all = new ArrayList<String>(List.of("--url", service.url()));
    all.addAll(List.of(arguments));
    return new CommandLine(new AwaitCommand("from-environment"))
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

  @Test
  void whatIsReachedEndsWithZeroAndTheWatermark() {
    service.then(200, document("unknown", "null"));

    assertThat(run("--lsn", "0/1F")).isZero();
    assertThat(out())
        .isEqualTo(
            "reached: every commit before 0/1F is searchable (watermark 0/20, pending 3, failed"
                + " documents 2)\n");
    assertThat(service.keys).containsExactly("Bearer from-environment");
  }

  @Test
  void aDocumentIsToldWithItsState() {
    service.then(200, document("deleted", "null"));

    assertThat(run("--table=public.products", "--key=42", "--tx=742", "--api-key=k")).isZero();
    assertThat(out())
        .startsWith("reached: public.products/42 is deleted at 0/1F, transaction 742 (watermark");
    assertThat(service.keys).containsExactly("Bearer k");
  }

  @Test
  void aDeadLetterEndsWithOne() {
    service.then(200, document("failed", "null"));

    assertThat(run("--table", "public.products", "--key", "42")).isEqualTo(1);
    assertThat(out()).startsWith("failed: public.products/42").contains("column title is missing");
  }

  @Test
  void aRefusalEndsWithOneAndForgesNoLine() {
    service.then(403, "{\"detail\":\"no\\nreached: never\"}");

    assertThat(run("--lsn", "1")).isEqualTo(1);
    assertThat(out()).isEqualTo("failed: no reached: never\n");
  }

  @Test
  void whatIsLateEndsWithTwo() {
    service.then(504, late("nothing has come"));

    assertThat(run("--lsn", "1", "--timeout", "100ms")).isEqualTo(2);
    assertThat(out()).startsWith("timed out after 100 ms: nothing has come (watermark 0/20");
  }

  @Test
  void aServiceThatIsNotThereEndsWithTwo() {
    service.close();

    assertThat(run("--lsn", "1", "--timeout", "100ms")).isEqualTo(2);
    assertThat(out())
        .startsWith("timed out after 100 ms: the service cannot be reached at " + service.url())
        .contains("the connection is refused")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--lsn",
        "--lsn=1 --lsn=2",
        "--lsn=1 --tx=3",
        "--lsn=1 --key=3",
        "--table=a.b",
        "--lsn=1 --timeout=5",
        "--lsn=1 --wait=5s",
        "--lsn=1 --url=",
        "--lsn=xyz",
        "--lsn=0/16B3748Z",
        "--lsn=1 --url=ftp://localhost",
        "--table=products --key=1",
        "--table=a.b --key=1 --tx=soon",
        "--lsn=1 now"
      })
  void aMistypedCommandIsNoAnswer(String arguments) {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");
    assertThat(run(words)).isEqualTo(64);
    assertThat(out()).isEmpty();
    assertThat(errors.toString(StandardCharsets.UTF_8)).isNotBlank().doesNotContain("\tat ");
    assertThat(service.asked).isEmpty();
  }

  @Test
  void whatIsNoLsnIsToldWithTheFormOfOne() {
    assertThat(run("--lsn", "xyz")).isEqualTo(64);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .contains("--lsn: 'xyz' is not an LSN: write it as 0/16B3748 or as a decimal number");
  }

  @Test
  void helpNamesTheOptionsAndTheExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out()).contains("--lsn", "--table", "--tx", "FRESHET_API_KEY", "2 timed out");
    assertThat(out()).contains("The service; http://localhost:8080 unless given");
  }
}
