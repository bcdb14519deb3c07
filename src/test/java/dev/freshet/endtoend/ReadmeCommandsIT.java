package dev.freshet.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreePorts;
import dev.freshet.support.FreshetProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README's section "Try it", as they stand, and the output that it shows. */
@BesideOthers
class ReadmeCommandsIT {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern COMMAND = Pattern.compile("```sh\n");
  private static final Pattern SNIPPET =
      Pattern.compile("```sh\n(.*?)```.*?```text\n(.*?)```", Pattern.DOTALL);

  /** A command, and the output below it. */
  private record Snippet(String command, String output) {}

  @TempDir private Path folder;

  private static List<Snippet> tryIt() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int begin = readme.indexOf("\n## Try it");
    assertThat(begin).as("the section").isPositive();
    String section = readme.substring(begin, readme.indexOf("\n## ", begin + 1));
    List<Snippet> snippets =
        SNIPPET
            .matcher(section)
            .results()
            .map(found -> new Snippet(found.group(1), found.group(2)))
            .toList();
    assertThat(COMMAND.matcher(section).results())
        .as("each command has an output")
        .hasSameSizeAs(snippets);
    return snippets;
  }

  @Test
  void thePlaygroundSaysWhatTheReadmeShows() throws Exception {
    Snippet playground = tryIt().get(0);
    assertThat(playground.command())
        .isEqualTo("./mvnw -DskipTests package && java -jar target/freshet.jar playground\n");
    int port = FreePorts.next();
    try (var freshet =
        FreshetProcess.start(
            folder, Map.of(), "playground", "--rows=6", "--postgresql-port=" + port)) {
      String shown = atPort(freshet, playground.output()).replace(":15432", ":" + port);
      await()
          .atMost(START)
          .untilAsserted(
              () ->
                  assertThat(freshet.log()).contains(shown).contains("All 6 rows are searchable"));
      assertThat(freshet.terminate(START)).isTrue();
    }
  }

  @Test
  void theCommandsPrintWhatTheReadmeShows() throws Exception {
    List<Snippet> snippets = tryIt();
    assertThat(snippets.get(1).command())
        .isEqualTo("java -Dmicronaut.environments=embedded -jar target/freshet.jar\n");
    try (var freshet = FreshetProcess.start(folder, Map.of("MICRONAUT_ENVIRONMENTS", "embedded"))) {
      // The samples are indexed: the model is loaded, and nothing else waits.
      await()
          .atMost(START)
          .until(() -> freshet.get("/search?q=something+to+sleep+in&k=1").contains("sleeping bag"));
      assertShows(freshet.log(), atPort(freshet, snippets.get(1).output()));
      for (Snippet snippet : snippets.subList(2, snippets.size())) {
        assertShows(run(atPort(freshet, snippet.command())), snippet.output());
      }
    }
  }

  private static String atPort(FreshetProcess freshet, String text) {
    return text.replace(":8080", ":" + freshet.port());
  }

  private static String run(String command) throws IOException, InterruptedException {
    var process = new ProcessBuilder("bash", "-euc", command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
    return output;
  }

  /** An ellipsis stands for what the README leaves out; its line breaks are for the reader. */
  private static void assertShows(String output, String shown) {
    String oneLine = shown.lines().map(String::strip).collect(joining());
    assertThat(output)
        .containsPattern(
            Pattern.compile(Pattern.quote(oneLine).replace("…", "\\E.*\\Q"), Pattern.DOTALL));
  }
}
