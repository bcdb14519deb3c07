package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.alarm.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alert finds what to do in {@code docs/operations.md}. */
class RunbookTest {

  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern ENTRY = Pattern.compile("(?m)^### (Freshet\\w+)$");

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file));
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
  }

  @Test
  void eachAlertHasAnEntryThatSaysWhatItMeansWhereToLookAndWhatToDo() throws IOException {
    String operations = read("docs/operations.md");

    assertThat(found(ENTRY, operations))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(found(ALERT, read("deploy/prometheus/alerts.yml")));
    for (String entry : operations.split("(?m)^##+ ", -1)) {
      if (entry.startsWith("Freshet")) {
        assertThat(entry).contains("**Means:**", "**Look at**", "**Do:**");
      }
    }
  }

  @Test
  void eachCauseOfAnAlarmHasARowOrAnAlertOfItsOwn() throws IOException {
    String operations = read("docs/operations.md");

    assertThat(Stream.of(Cause.values()))
        .filteredOn(cause -> cause != Cause.CONSUMPTION_PAUSED && cause != Cause.DEAD_LETTERS)
        .allSatisfy(cause -> assertThat(operations).contains("| `" + cause.label() + "` |"));
  }
}
