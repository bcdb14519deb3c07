package dev.freshet.wiring;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The words that a setting takes. */
final class Choices {

  private Choices() {}

  /** Those of an enum, as a configuration has them: {@code table-key} for {@code TABLE_KEY}. */
  static List<String> of(Class<?> type) {
    return Stream.of(type.getEnumConstants())
        .map(choice -> ((Enum<?>) choice).name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  /** Such as "use declare, check or none". */
  static String sentence(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? "use " + String.join("", words)
        : "use " + String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
