package dev.freshet.store.pgvector;

import dev.freshet.words.Word;
import dev.freshet.words.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A text's words in the form of PostgreSQL's text search.
 *
 * @param tsvector each word with its positions
 * @param length how many words the text has, those that are joined counted one by one
 */
record WordVector(String tsvector, int length) {

  /** PostgreSQL's own bound is 1 MiB; words of more than one byte count more than once. */
  private static final int MOST_CHARACTERS = 200_000;

  static WordVector of(String text) {
    List<Word> words = Words.of(text);
    Map<String, StringBuilder> positions = new LinkedHashMap<>();
    int characters = 0;
    int length = 0;
    for (Word word : words) {
      characters += word.text().length();
      if (characters > MOST_CHARACTERS) {
        break;
      }
      length = word.position();
      positions
          .computeIfAbsent(word.text(), first -> new StringBuilder())
          .append(',')
          .append(length);
    }
    var vector = new StringBuilder();
    positions.forEach(
        (word, places) ->
            vector.append(quoted(word)).append(':').append(places, 1, places.length()).append(' '));
    return new WordVector(vector.toString(), length);
  }

  /** The word as a tsvector or a tsquery takes it. */
  static String quoted(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
