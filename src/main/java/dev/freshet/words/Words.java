package dev.freshet.words;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/** Takes texts apart. Any text has words and nothing else; none is a query in any language. */
public final class Words {

  /** More than a text holds that the embedding model reads, and what PostgreSQL numbers. */
  private static final int MOST_IN_TEXT = 16_000;

  /** Lucene refuses a query of more than 1,024 clauses. */
  private static final int MOST_IN_QUERY = 256;

  private static final Analyzer ANALYZER = new WordAnalyzer();

  private Words() {}

  /** The text's words in order. */
  public static List<Word> of(String text) {
    var words = new ArrayList<Word>();
    read(
        text,
        (word, position) -> {
          words.add(new Word(word, position));
          return words.size() < MOST_IN_TEXT;
        });
    return words;
  }

  /** The first different words of what somebody looks for; none of a text without any. */
  public static Set<String> toFind(String text) {
    var words = new LinkedHashSet<String>();
    read(
        text,
        (word, position) -> {
          words.add(word);
          return words.size() < MOST_IN_QUERY;
        });
    return words;
  }

  /**
   * @param wanted takes a word and its position, and tells whether there may be more
   */
  private static void read(String text, BiPredicate<String, Integer> wanted) {
    try (var tokens = ANALYZER.tokenStream("", text)) {
      var word = tokens.addAttribute(CharTermAttribute.class);
      var increment = tokens.addAttribute(PositionIncrementAttribute.class);
      int position = 0;
      boolean more = true;
      tokens.reset();
      while (more && tokens.incrementToken()) {
        position += increment.getPositionIncrement();
        more = wanted.test(word.toString(), position);
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be read", e);
    }
  }
}
