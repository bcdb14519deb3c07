package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.Defect;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the text of a column is read. What is no such text is read as it is. */
public enum TextFormat {
  /** As it is. */
  PLAIN,
  /** HTML: what a reader sees, blocks on lines of their own. */
  HTML,
  /** CommonMark, with the HTML in it. */
  MARKDOWN,
  /** JSON: its values, each on a line behind its name. */
  JSON;

  /**
   * The format of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static TextFormat named(String name) {
    return Arrays.stream(values())
        .filter(format -> format.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not a valid format: use %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(TextFormat::label)
                                .collect(Collectors.joining(", ")))));
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The text of a value that is not null, without what a model cannot read. */
  String read(JsonNode value) {
    String text = value.isContainerNode() ? value.toString() : value.asText();
    return LegibleText.of(value.isNumber() || value.isBoolean() ? text : read(text));
  }

  private String read(String text) {
    try {
      return switch (this) {
        case PLAIN -> text;
        case HTML -> HtmlText.read(text);
        case MARKDOWN -> MarkdownText.read(text);
        case JSON -> JsonText.read(text);
      };
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      // A parser that meets its limits must not cost the document.
      return text;
    }
  }
}
