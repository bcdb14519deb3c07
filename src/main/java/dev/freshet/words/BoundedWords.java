package dev.freshet.words;

import java.io.IOException;
import org.apache.lucene.analysis.FilteringTokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Cuts long words, which no index holds, and leaves out those of which nothing is left. */
final class BoundedWords extends FilteringTokenFilter {

  /** In UTF-16 units: at most 1,020 bytes, and PostgreSQL holds words of up to 2,046. */
  private static final int LONGEST = 255;

  private final CharTermAttribute word = addAttribute(CharTermAttribute.class);

  BoundedWords(TokenStream words) {
    super(words);
  }

  @Override
  protected boolean accept() throws IOException {
    if (word.length() > LONGEST) {
      boolean insideCharacter = Character.isHighSurrogate(word.charAt(LONGEST - 1));
      word.setLength(insideCharacter ? LONGEST - 1 : LONGEST);
    }
    return word.length() > 0;
  }
}
