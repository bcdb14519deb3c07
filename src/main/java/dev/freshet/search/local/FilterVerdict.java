package dev.freshet.search.local;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.search.SearchQuery;
import dev.freshet.store.Hit;
import dev.freshet.store.SearchScope;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.logical.And;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which of a filter's conditions leaves a document out. The store itself judges each. */
final class FilterVerdict {

  private static final int LONGEST_VALUE = 100;

  /** A condition on one column. */
  private record Condition(String column, String operator, Object value) {

    static Optional<Condition> of(Filter filter) {
      if (filter instanceof IsEqualTo is) {
        return Optional.of(new Condition(is.key(), "=", is.comparisonValue()));
      }
      if (filter instanceof IsNotEqualTo is) {
        return Optional.of(new Condition(is.key(), "!=", is.comparisonValue()));
      }
      if (filter instanceof IsIn is) {
        String values =
            is.comparisonValues().stream()
                .map(String::valueOf)
                .sorted()
                .collect(joining(", ", "(", ")"));
        return Optional.of(new Condition(is.key(), "in", values));
      }
      if (filter instanceof IsGreaterThan is) {
        return Optional.of(new Condition(is.key(), ">", is.comparisonValue()));
      }
      if (filter instanceof IsGreaterThanOrEqualTo is) {
        return Optional.of(new Condition(is.key(), ">=", is.comparisonValue()));
      }
      if (filter instanceof IsLessThan is) {
        return Optional.of(new Condition(is.key(), "<", is.comparisonValue()));
      }
      if (filter instanceof IsLessThanOrEqualTo is) {
        return Optional.of(new Condition(is.key(), "<=", is.comparisonValue()));
      }
      return Optional.empty();
    }

    String contradictedBy(Hit document) {
      JsonNode actual = document.metadata().get(column);
      return "%s %s %s does not hold, %s"
          .formatted(
              column,
              operator,
              shortened(value.toString()),
              actual == null
                  ? "it has no " + column
                  : "its " + column + " is " + shortened(actual.asText()));
    }

    private static String shortened(String value) {
      return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
    }
  }

  private final Function<SearchScope, Optional<Hit>> segmentIn;

  /**
   * @param segmentIn a segment of the document in the scope, if there is one
   */
  FilterVerdict(Function<SearchScope, Optional<Hit>> segmentIn) {
    this.segmentIn = segmentIn;
  }

  /** The reason why the query's filter leaves the document out, for people. */
  String of(SearchQuery query, Hit document) {
    String why =
        query.scope().filter().stream()
            .flatMap(FilterVerdict::conditions)
            .filter(this::leavesOut)
            .findFirst()
            .flatMap(Condition::of)
            .map(condition -> ": " + condition.contradictedBy(document))
            .orElse("");
    return "The filter leaves it out" + why + ".";
  }

  private boolean leavesOut(Filter condition) {
    return segmentIn.apply(new SearchScope(1, null, FlatFilter.of(condition))).isEmpty();
  }

  private static Stream<Filter> conditions(Filter filter) {
    return filter instanceof And and
        ? Stream.concat(conditions(and.left()), conditions(and.right()))
        : Stream.of(filter);
  }
}
