package dev.freshet.support;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Texts of the lengths that rows have: most are a sentence, some make several segments. */
final class SimulatedTexts {

  private static final List<String> WORDS =
      List.of(
          "tent", "stove", "river", "granite", "coffee", "lantern", "merino", "ridge", "compass",
          "harbour", "pasta", "violin", "orchard", "bicycle", "ceramic", "winter", "ladder",
          "falcon", "velvet", "engine", "meadow", "copper", "novel", "garden", "signal", "bridge");

  private final Random random;

  SimulatedTexts(Random random) {
    this.random = random;
  }

  String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  @Nullable String description() {
    int choice = random.nextInt(20);
    if (choice == 0) {
      return null;
    }
    return choice <= 2 ? words(450 + random.nextInt(300)) : words(5 + random.nextInt(20));
  }

  private String words(int count) {
    var text = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      text.append(word()).append(i % 12 == 0 ? ". " : " ");
    }
    return text.append(random.nextInt(1_000_000)).append('.').toString();
  }
}
