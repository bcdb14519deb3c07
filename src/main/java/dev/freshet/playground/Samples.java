package dev.freshet.playground;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What rows are made of: kinds of things, and the sentences that are true of them. A file has a
 * block for each kind:
 *
 * <pre>
 * = name | further | facts
 * &#64;slot: one | another        a word that a sentence names in braces
 * # heading                     begins a group of sentences
 * - A sentence with a {slot}.
 * </pre>
 *
 * Each row's choice follows from its number, so that the rows are the same at each start.
 */
final class Samples {

  private static final Pattern SLOT = Pattern.compile("\\{([a-z-]+)}");

  private Samples() {}

  /** Sentences that belong together. */
  record Group(String heading, List<String> sentences) {}

  /**
   * One kind of thing.
   *
   * @param facts what stands behind its name
   * @param slots the words for each slot, in the file's order
   */
  record Kind(
      String name, List<String> facts, Map<String, List<String>> slots, List<Group> groups) {

    /** One word for each slot: the combinations one after the other, before any comes again. */
    Map<String, String> words(int number) {
      var words = new HashMap<String, String>();
      int rest = number;
      for (var slot : slots.entrySet()) {
        List<String> choices = slot.getValue();
        words.put(slot.getKey(), choices.get(rest % choices.size()));
        rest /= choices.size();
      }
      return words;
    }
  }

  /** The kinds that a resource describes. */
  static List<Kind> read(String resource) {
    var kinds = new ArrayList<Kind>();
    for (String line : lines(resource)) {
      if (line.startsWith("= ")) {
        List<String> facts = words(line.substring(2));
        kinds.add(
            new Kind(
                facts.get(0),
                facts.subList(1, facts.size()),
                new LinkedHashMap<>(),
                new ArrayList<>(List.of(new Group("", new ArrayList<>())))));
      } else if (!line.isBlank()) {
        add(kinds.get(kinds.size() - 1), line);
      }
    }
    return kinds;
  }

  private static void add(Kind kind, String line) {
    if (line.startsWith("@")) {
      int colon = line.indexOf(':');
      kind.slots().put(line.substring(1, colon), words(line.substring(colon + 1)));
    } else if (line.startsWith("# ")) {
      kind.groups().add(new Group(line.substring(2).strip(), new ArrayList<>()));
    } else if (line.startsWith("- ")) {
      kind.groups().get(kind.groups().size() - 1).sentences().add(line.substring(2).strip());
    } else {
      throw new IllegalStateException("cannot read: " + line);
    }
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s*\\|\\s*"));
  }

  private static List<String> lines(String resource) {
    try (InputStream in = Samples.class.getResourceAsStream("/playground/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Some of the sentences, in their order, with their words. */
  static String some(List<String> sentences, int count, Map<String, String> words, Random random) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < sentences.size(); i++) {
      places.add(i);
    }
    Collections.shuffle(places, random);
    return String.join(
        " ",
        places.stream()
            .limit(count)
            .sorted()
            .map(place -> filled(sentences.get(place), words))
            .toList());
  }

  static String filled(String sentence, Map<String, String> words) {
    return SLOT.matcher(sentence)
        .replaceAll(
            slot -> {
              String word = words.get(slot.group(1));
              if (word == null) {
                throw new IllegalStateException("no word for " + slot.group() + ": " + sentence);
              }
              return Matcher.quoteReplacement(
                  slot.start() == 0
                      ? Character.toUpperCase(word.charAt(0)) + word.substring(1)
                      : word);
            });
  }
}
