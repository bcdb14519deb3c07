package dev.freshet.embedding;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.splitter.DocumentByLineSplitter;
import dev.langchain4j.data.document.splitter.DocumentByParagraphSplitter;
import dev.langchain4j.data.document.splitter.DocumentBySentenceSplitter;
import dev.langchain4j.data.document.splitter.DocumentByWordSplitter;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Splits a document's text into segments that the embedding model reads whole: at paragraphs, else
 * at lines, sentences, words. Segments overlap by whole sentences. The same text always gives the
 * same segments. Safe for use by many threads.
 */
public final class SegmentSplitter {

  // LangChain4j's splitter takes quadratic time in long runs of blanks, where it looks for
  // paragraphs, and of other characters, where it looks for sentences. Both are kept from it.
  private static final Pattern LONG_BLANK = Pattern.compile("[\\s\\x{85}\\x{2028}\\x{2029}]{65,}+");
  private static final Pattern LONG_WORD = Pattern.compile("(?<!\\S)\\S{251,}+");
  // LangChain4j takes a text of nothing else for a blank one, and throws.
  private static final Pattern CONTROL = Pattern.compile("[\\x{0}-\\x{8}\\x{e}-\\x{1b}]");
  private static final Pattern LINE_BREAK = Pattern.compile("\\R");

  /**
   * A run without a blank is cut down to this, which a segment holds, before its tokens are
   * counted.
   */
  private static final int WORD_CHARACTERS = 250;

  /** Characters that count no tokens, such as zero-width ones, must not swell a segment. */
  private static final int CHARACTERS_PER_TOKEN = 32;

  private final int maxTokens;
  private final TokenCountEstimator counter;
  private final DocumentSplitter splitter;

  public SegmentSplitter(SplittingConfiguration configuration, TokenCountEstimator counter) {
    this.maxTokens = configuration.maxTokens();
    this.counter = counter;
    this.splitter = recursive(maxTokens, configuration.overlapTokens());
  }

  /**
   * LangChain4j's recursive splitter, but for its last step: that one would go by UTF-16 units and
   * cut a character in two.
   */
  private DocumentSplitter recursive(int max, int overlap) {
    DocumentSplitter words = new DocumentByWordSplitter(max, overlap, counter, this::splitWord);
    DocumentSplitter sentences = new DocumentBySentenceSplitter(max, overlap, counter, words);
    DocumentSplitter lines = new DocumentByLineSplitter(max, overlap, counter, sentences);
    return new DocumentByParagraphSplitter(max, overlap, counter, lines);
  }

  private List<TextSegment> splitWord(Document word) {
    return pieces(word.text().strip(), WORD_CHARACTERS).map(TextSegment::from).toList();
  }

  /**
   * The text's segments in order; none when it is blank. Each is at most {@code
   * freshet.splitting.max-tokens} long, and each word of the text is in one of them, or, if it is
   * longer than a segment, in several that follow each other.
   */
  public List<String> split(String text) {
    List<String> segments = new ArrayList<>();
    String shortened = shortenBlanks(CONTROL.matcher(text).replaceAll(" "));
    if (counter instanceof TokenCounter ours) {
      ours.learn(shortened);
    }
    Matcher word = LONG_WORD.matcher(shortened);
    int start = 0;
    while (word.find()) {
      splitProse(shortened.substring(start, word.start())).forEach(segments::add);
      pieces(word.group(), WORD_CHARACTERS).forEach(segments::add);
      start = word.end();
    }
    splitProse(shortened.substring(start)).forEach(segments::add);
    return segments;
  }

  private static String shortenBlanks(String text) {
    return LONG_BLANK
        .matcher(text)
        .replaceAll(run -> LINE_BREAK.matcher(run.group()).find() ? "\n\n" : " ");
  }

  private Stream<String> splitProse(String text) {
    if (text.isBlank()) {
      return Stream.empty();
    }
    return splitter.split(Document.from(text)).stream()
        .flatMap(segment -> pieces(segment.text().strip(), maxTokens * CHARACTERS_PER_TOKEN));
  }

  /** The text, cut near its middle until each piece fits. */
  private Stream<String> pieces(String text, int maxCharacters) {
    if (text.length() <= maxCharacters && counter.estimateTokenCountInText(text) <= maxTokens) {
      return text.isBlank() ? Stream.empty() : Stream.of(text);
    }
    int cut = cut(text);
    return Stream.of(text.substring(0, cut).strip(), text.substring(cut).strip())
        .flatMap(piece -> pieces(piece, maxCharacters));
  }

  /** The blank nearest to the middle, or the middle; never within a character. */
  private static int cut(String text) {
    int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
    for (int distance = 0; distance < middle; distance++) {
      if (Character.isWhitespace(text.charAt(middle - distance))) {
        return middle - distance;
      }
      int right = middle + distance;
      if (right < text.length() && Character.isWhitespace(text.charAt(right))) {
        return right;
      }
    }
    return middle;
  }
}
