package dev.freshet.api;

import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.store.SearchScope;
import dev.langchain4j.store.embedding.filter.Filter;
import io.micronaut.http.HttpParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a search from the query parameters. */
final class SearchParameters {

  static final List<String> NAMES =
      List.of("q", "k", "table", "mode", "filter", "minScore", "exact");

  private static final int MOST_HITS = 100;
  private static final int HITS = 10;

  private SearchParameters() {}

  static SearchQuery read(HttpParameters request) {
    return read(request, NAMES);
  }

  /**
   * Reads a search.
   *
   * @param names the parameters that are known; what else there is ends the request
   */
  static SearchQuery read(HttpParameters request, List<String> names) {
    QueryParameters parameters = QueryParameters.of(request, names);
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
        parameters.flag("exact"));
  }

  private static @Nullable Filter filter(List<String> expressions) {
    var parser = new FilterExpressionParser();
    return expressions.stream()
        .map(expression -> QueryParameters.read("filter", () -> parser.parse(expression)))
        .reduce((left, right) -> Filter.and(left, right))
        .orElse(null);
  }
}
