package dev.freshet.api;

import dev.freshet.index.Condition;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a search from the query parameters. */
final class SearchParameters {

  static final List<String> NAMES =
      List.of("q", "k", "table", "mode", "filter", "minScore", "exact", "fields");

  private static final int MOST_HITS = 1_000;
  private static final int HITS = 10;

  private SearchParameters() {}

  /**
   * @param maxBytes the most bytes of metadata that are read
   */
  static SearchQuery read(QueryParameters parameters, long maxBytes) {
    String text =
        parameters
            .text("q")
            .filter(given -> !given.isBlank())
            .orElseThrow(
                () -> QueryParameters.bad("q", "'q' must say what to look for, as in ?q=mouse"));
    var scope =
        new SearchScope(
            parameters.integer("k", 1, MOST_HITS, HITS),
            parameters.table("table").orElse(null),
            filter(parameters.texts("filter")));
    return new SearchQuery(
        text,
        parameters.choice("mode", SearchMode.class, SearchMode.VECTOR),
        scope,
        parameters.decimal("minScore", 0),
        parameters.flag("exact"),
        new MetadataSelection(fields(parameters.texts("fields")), maxBytes));
  }

  /** Column names, separated by commas; null where all are wanted. */
  static @Nullable List<String> fields(List<String> given) {
    if (given.isEmpty()) {
      return null;
    }
    List<String> fields =
        given.stream()
            .flatMap(text -> Stream.of(text.split(",")))
            .map(String::strip)
            .filter(field -> !field.isEmpty())
            .toList();
    if (fields.isEmpty()) {
      throw QueryParameters.bad("fields", "'fields' must name columns, as in fields=title,price");
    }
    return fields;
  }

  private static @Nullable Condition filter(List<String> expressions) {
    var parser = new FilterExpressionParser();
    return expressions.stream()
        .map(expression -> QueryParameters.read("filter", () -> parser.parse(expression)))
        .reduce(Condition::and)
        .orElse(null);
  }
}
