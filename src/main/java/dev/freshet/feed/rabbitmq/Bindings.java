package dev.freshet.feed.rabbitmq;

import java.util.List;

/**
 * The binding keys of the queue, read as a topic exchange reads them: words between dots, {@code *}
 * is one word, {@code #} any number of words.
 *
 * @see <a href="https://www.rabbitmq.com/tutorials/tutorial-five-java">Topics</a>
 */
record Bindings(List<List<String>> patterns) {

  static Bindings of(List<String> routingKeys) {
    return new Bindings(routingKeys.stream().map(Bindings::words).toList());
  }

  boolean match(String routingKey) {
    List<String> words = words(routingKey);
    return patterns.stream().anyMatch(pattern -> matches(pattern, words));
  }

  /** Whether a key of two words can match of which the second is this one. */
  boolean mayMatchAnyWith(String second) {
    return patterns.stream()
        .filter(pattern -> !pattern.isEmpty())
        .anyMatch(pattern -> matches(pattern, List.of(pattern.get(0), second)));
  }

  /** The exchange takes the empty key for no words at all. */
  private static List<String> words(String key) {
    return key.isEmpty() ? List.of() : List.of(key.split("\\.", -1));
  }

  private static boolean matches(List<String> pattern, List<String> words) {
    if (pattern.isEmpty()) {
      return words.isEmpty();
    }
    List<String> rest = tail(pattern);
    if (pattern.get(0).equals("#")) {
      return matches(rest, words) || (!words.isEmpty() && matches(pattern, tail(words)));
    }
    return !words.isEmpty()
        && (pattern.get(0).equals("*") || pattern.get(0).equals(words.get(0)))
        && matches(rest, tail(words));
  }

  private static List<String> tail(List<String> words) {
    return words.subList(1, words.size());
  }
}
