package dev.freshet.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts to embed and to split, the same in each run. */
final class Texts {

  private static final String[] WORDS =
      ("the index keeps row change vector search table product price delivery garden camera lamp"
              + " wireless headphones battery returns accepted within thirty days customers love"
              + " quiet motor stainless steel bottle unbreakable Gewährleistung naïve 2024 x86-64"
              + " e-mail café 12.50 don't recyclability photosynthesis")
          .split(" ");

  private Texts() {}

  static String words(Random random, int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return String.join(" ", words);
  }

  /** Sentences, lines and paragraphs of varied length, some longer than a segment. */
  static String prose(Random random, int sentences) {
    StringBuilder text = new StringBuilder();
    String[] separators = {" ", " ", " ", "\n", "\n\n", "  ", "\r\n", "\t"};
    for (int i = 0; i < sentences; i++) {
      int length = random.nextInt(12) == 0 ? 400 : 3 + random.nextInt(25);
      text.append(words(random, length)).append(". ");
      text.append(separators[random.nextInt(separators.length)]);
    }
    return text.toString();
  }
}
