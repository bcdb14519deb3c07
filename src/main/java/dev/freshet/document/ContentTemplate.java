package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a document, with a row's columns in braces: {@code Title: {title}}. */
public final class ContentTemplate {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}\\s]+)}");

  private final String template;
  private final Set<String> columns;

  public ContentTemplate(String template) {
    this.template = template;
    this.columns = new LinkedHashSet<>();
    PLACEHOLDER.matcher(template).results().forEach(match -> columns.add(match.group(1)));
    if (columns.isEmpty()) {
      throw new IllegalArgumentException(
          "the content template names no column; write one in braces, as in 'Title: {title}'");
    }
  }

  /** The columns that the template names. */
  public Set<String> columns() {
    return Set.copyOf(columns);
  }

  /**
   * Fills in the values; NULL leaves its place empty.
   *
   * @param values by column; has every column of {@link #columns}
   */
  public String render(Map<String, JsonNode> values) {
    return render(values, Map.of());
  }

  /**
   * Fills in the values, read as the formats say.
   *
   * @param formats by column; the others are plain
   */
  String render(Map<String, JsonNode> values, Map<String, TextFormat> formats) {
    Function<MatchResult, String> replacement =
        match -> {
          TextFormat format = formats.getOrDefault(match.group(1), TextFormat.PLAIN);
          return Matcher.quoteReplacement(text(values, match.group(1), format));
        };
    return PLACEHOLDER.matcher(template).replaceAll(replacement).strip();
  }

  private static String text(Map<String, JsonNode> values, String column, TextFormat format) {
    JsonNode value = values.get(column);
    if (value == null) {
      throw new IllegalStateException("the mapper let a row without '" + column + "' pass");
    }
    return value.isNull() ? "" : format.read(value);
  }

  @Override
  public String toString() {
    return template;
  }
}
