package dev.freshet.document;

import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** The text of CommonMark as a reader sees it: of the page that it makes. */
final class MarkdownText {

  private static final Parser PARSER = Parser.builder().build();
  private static final HtmlRenderer RENDERER = HtmlRenderer.builder().build();

  /** Of more openings the parser takes quadratic time; no text that people write has them. */
  private static final int MOST_OPENINGS = 5_000;

  private MarkdownText() {}

  static String read(String markdown) {
    long openings = markdown.chars().filter(c -> c == '<' || c == '[' || c == '*').count();
    if (openings > MOST_OPENINGS) {
      return HtmlText.read(markdown);
    }
    return HtmlText.read(RENDERER.render(PARSER.parse(markdown)));
  }
}
