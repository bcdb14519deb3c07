package dev.freshet.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshetCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private int run(String arguments) {
    return FreshetCommand.commandLine()
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(errors, true, StandardCharsets.UTF_8))
        .execute(arguments.split(" "));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void helpShowsTheCommandsAndTheExitCodes(String arguments) {
    assertThat(run(arguments)).isZero();
    assertThat(out()).contains("Usage: java -jar freshet.jar", "serve", "await", "64", "78");
    assertThat(errors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"await --help", "await -h", "help await"})
  void helpOfACommandShowsItsOptions(String arguments) {
    assertThat(run(arguments)).isZero();
    assertThat(out()).contains("--lsn", "--table", "http://localhost:8080", "2 timed out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void versionIsOneLine(String arguments) {
    assertThat(run(arguments)).isZero();
    assertThat(out().lines()).singleElement().asString().startsWith("Freshet ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stert | 'stert' is not a command",
        "--hlep | '--hlep' is not an option",
        "-x | '-x' is not an option",
        "--sink=lucene | '--sink=lucene' is not an option",
        "serve now | 'now' is not a command",
        "--freshet.sink=lucene stert | 'stert' is not a command",
        "--freshet.sink lucene | '--freshet.sink' is not an option",
        "await --lns 1 | '--lns' is not an option",
        "await --lsn xyz | --lsn: 'xyz' is not an LSN",
        "await | give either --lsn, or --table and --key",
        "diagnose --freshet.store=lucene | '--freshet.store=lucene' is not an option",
        "diagnose now | 'now' is not a command",
        "diagnose --url ftp://x | 'ftp://x' is not the URL of a service",
      })
  void whatIsMistypedStartsNothing(String arguments, String message) {
    assertThat(run(arguments)).isEqualTo(64);
    assertThat(errors()).startsWith("freshet").contains(message).contains("--help");
    assertThat(out()).isEmpty();
  }

  @Test
  void aMistypedCommandIsToldTheNearest() {
    assertThat(run("serv")).isEqualTo(64);
    assertThat(errors()).contains("serve");
  }
}
