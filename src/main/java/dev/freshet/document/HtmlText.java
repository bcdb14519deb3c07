package dev.freshet.document;

import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeVisitor;

/** The text of HTML as a reader sees it. */
final class HtmlText {

  private static final Set<String> PARAGRAPHS =
      Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre");
  private static final Set<String> UNSEEN =
      Set.of("script", "style", "template", "noscript", "head", "svg", "math");

  /** The parser looks at all open elements with each tag. */
  private static final int DEEPEST = 64;

  private static final int DEEPEST_OF_MANY_TAGS = 16;
  private static final int MANY_TAGS = 100_000;

  private HtmlText() {}

  /** No page nests its elements so deeply: what is below the bound becomes flat. */
  static String read(String html) {
    boolean manyTags = html.chars().filter(character -> character == '<').count() > MANY_TAGS;
    Parser parser = Parser.htmlParser().setMaxDepth(manyTags ? DEEPEST_OF_MANY_TAGS : DEEPEST);
    Document document = parser.parseInput(html, "");
    var text = new Collector();
    document.traverse(text);
    return text.toString();
  }

  /** Blanks count once, as on a page. */
  private static final class Collector implements NodeVisitor {

    private final StringBuilder text = new StringBuilder();
    private int unseen;
    private int breaks;
    private boolean blank;

    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode part && unseen == 0) {
        add(part.getWholeText());
      } else if (node instanceof Element element) {
        unseen += UNSEEN.contains(element.normalName()) ? 1 : 0;
        separate(element);
        if (element.normalName().equals("img") && unseen == 0) {
          add(" " + element.attr("alt") + " ");
        }
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        unseen -= UNSEEN.contains(element.normalName()) ? 1 : 0;
        separate(element);
      }
    }

    private void separate(Element element) {
      String name = element.normalName();
      if (PARAGRAPHS.contains(name)) {
        breaks = 2;
      } else if (name.equals("td") || name.equals("th")) {
        blank = true;
      } else if (name.equals("br") || element.isBlock()) {
        breaks = Math.max(breaks, 1);
      }
    }

    private void add(String part) {
      for (int i = 0; i < part.length(); i++) {
        char character = part.charAt(i);
        if (Character.isWhitespace(character) || character == '\u00a0') {
          blank = true;
        } else {
          if (!text.isEmpty()) {
            text.append(breaks > 0 ? "\n".repeat(breaks) : blank ? " " : "");
          }
          breaks = 0;
          blank = false;
          text.append(character);
        }
      }
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
