package dev.freshet.store.pgvector;

import dev.freshet.index.Condition;
import dev.freshet.index.FilterTerms;
import dev.freshet.index.TermFilter;
import dev.freshet.index.TermFilter.And;
import dev.freshet.index.TermFilter.AnyOf;
import dev.freshet.index.TermFilter.Between;
import dev.freshet.index.TermFilter.Not;
import dev.freshet.index.TermFilter.Or;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/** A condition on a document's terms, in SQL. Terms are parameters, never part of the text. */
final class FilterSql {

  private final Map<String, Object> parameters = new HashMap<>();
  private final String condition;

  FilterSql(Condition filter) {
    this.condition = condition(FilterTerms.of(filter));
  }

  String condition() {
    return condition;
  }

  void bindTo(Query query) {
    parameters.forEach(
        (name, value) -> {
          if (value instanceof String[] terms) {
            query.bindArray(name, String.class, (Object[]) terms);
          } else {
            query.bind(name, value);
          }
        });
  }

  private String condition(TermFilter filter) {
    if (filter instanceof AnyOf any) {
      return "d.terms && " + parameter(any.terms().toArray(String[]::new));
    }
    if (filter instanceof Between between) {
      return """
          EXISTS (SELECT FROM unnest(d.terms) AS term
            WHERE term %s %s COLLATE "C" AND term %s %s COLLATE "C")"""
          .formatted(
              between.fromIncluded() ? ">=" : ">",
              parameter(between.from()),
              between.toIncluded() ? "<=" : "<",
              parameter(between.to()));
    }
    if (filter instanceof Not not) {
      return "NOT (" + condition(not.filter()) + ")";
    }
    return filter instanceof And and
        ? joined(and.filters(), " AND ")
        : joined(((Or) filter).filters(), " OR ");
  }

  private String joined(List<TermFilter> filters, String operator) {
    return filters.stream().map(this::condition).collect(Collectors.joining(operator, "(", ")"));
  }

  private String parameter(Object value) {
    String name = "filter" + parameters.size();
    parameters.put(name, value);
    return ":" + name;
  }
}
