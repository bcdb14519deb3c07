package dev.freshet.words;

import com.ibm.icu.text.FilteredNormalizer2;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.UnicodeSet;
import java.io.Reader;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKWidthCharFilter;
import org.apache.lucene.analysis.icu.ICUFoldingFilter;
import org.apache.lucene.analysis.icu.ICUNormalizer2Filter;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;

/**
 * Takes a text apart into words: those between blanks as a whole, such as {@code user@example.org},
 * and each word that punctuation joins in them. Chinese, Japanese, Thai, Lao, Khmer and Burmese
 * words are found by dictionaries. Case, width and accents do not count; no word is reduced to its
 * stem.
 */
public final class WordAnalyzer extends Analyzer {

  /** A store whose words are of another version takes its texts apart again. */
  public static final int VERSION = 1;

  private static final WordBreaks BREAKS = new WordBreaks();

  private static final int WHOLE_AND_PARTS =
      WordDelimiterGraphFilter.PRESERVE_ORIGINAL
          | WordDelimiterGraphFilter.GENERATE_WORD_PARTS
          | WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS;

  /**
   * Takes accents off where they are accents. In other scripts such marks tell words apart, and so
   * they do in these two Cyrillic letters.
   */
  private static final Normalizer2 WITHOUT_ACCENTS =
      new FilteredNormalizer2(
          ICUFoldingFilter.NORMALIZER,
          new UnicodeSet(
                  """
                  [[\\p{Latin}\\p{Greek}\\p{Cyrillic}\\p{Hebrew}\\p{Arabic}\\p{Common}\\p{Inherited}]
                   - [\\u0439\\u0457]]
                  """)
              .freeze());

  @Override
  protected Reader initReader(String field, Reader text) {
    return new CJKWidthCharFilter(text);
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = new ICUTokenizer(BREAKS);
    TokenStream parts = new WordDelimiterGraphFilter(words, WHOLE_AND_PARTS, null);
    TokenStream folded = new ICUFoldingFilter(new ICUNormalizer2Filter(parts), WITHOUT_ACCENTS);
    return new TokenStreamComponents(words, new BoundedWords(folded));
  }
}
