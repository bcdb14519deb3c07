package dev.freshet.words;

import com.ibm.icu.lang.UScript;
import com.ibm.icu.text.RuleBasedBreakIterator;
import org.apache.lucene.analysis.icu.segmentation.DefaultICUTokenizerConfig;

/**
 * Where words begin and end. In scripts that are written without blanks, a dictionary says so. In
 * all others, what punctuation joins stays together here, as in {@code user@example.org}; a later
 * step takes it apart.
 */
final class WordBreaks extends DefaultICUTokenizerConfig {

  /**
   * The status 200 is that of a word; what no rule names is none. Emoji are words of their own, and
   * {@code C++} and {@code C#} keep their signs.
   */
  private static final RuleBasedBreakIterator JOINED =
      new RuleBasedBreakIterator(
          """
          $Picture = [\\p{Extended_Pictographic}\\p{Regional_Indicator}];
          $Letter = [[\\p{Alphabetic}\\p{M}\\p{N}\\p{Emoji_Modifier}] - $Picture];
          $Invisible = [\\u00ad\\u200c\\u200d\\u2060\\ufeff];
          $Joiner = [._\\-\\u2010\\u2011/\\\\@+:\\u0027\\u2019\\&\\u0023~%=? $Invisible];
          !!forward;
          $Letter+ ($Joiner+ $Letter+)* ([+] [+] | [\\u0023])? {200};
          $Picture {200};
          """);

  WordBreaks() {
    super(true, true);
  }

  @Override
  public RuleBasedBreakIterator getBreakIterator(int script) {
    return switch (script) {
      case UScript.JAPANESE, UScript.THAI, UScript.LAO, UScript.KHMER, UScript.MYANMAR ->
          super.getBreakIterator(script);
      default -> (RuleBasedBreakIterator) JOINED.clone();
    };
  }
}
