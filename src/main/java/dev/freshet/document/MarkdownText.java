package dev.freshet.document;

import java.util.regex.Pattern;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** The text of CommonMark as a reader sees it: of the page that it makes. */
final class MarkdownText {

  private static final Parser PARSER = Parser.builder().build();
  private static final HtmlRenderer RENDERER = HtmlRenderer.builder().build();

  /** Of more openings the parser takes quadratic time; no text that people write has them. */
  private static final int MOST_OPENINGS = 5_000;

  /**
   * With each line the parser looks at all blocks that the lines before have opened, and for each
   * length of a run of backticks it looks at the whole text.
   */
  private static final Pattern COSTLY =
      Pattern.compile("^(?:[ \\t>*+-]|[0-9]{1,9}[.)] ){200}|`{100}", Pattern.MULTILINE);

  private MarkdownText() {}

  static String read(String markdown) {
    long openings = markdown.chars().filter(c -> c == '<' || c == '[' || c == '*').count();
    if (openings > MOST_OPENINGS || COSTLY.matcher(markdown).find()) {
      return HtmlText.read(markdown);
    }
    return HtmlText.read(RENDERER.render(PARSER.parse(markdown)));
  }
}
