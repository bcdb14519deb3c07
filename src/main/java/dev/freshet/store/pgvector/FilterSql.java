package dev.freshet.store.pgvector;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * A condition on a segment's metadata, in SQL. Keys and values are parameters, never part of the
 * text. A comparison of another type than the stored value's is false, not an error.
 */
final class FilterSql {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> parameters = new HashMap<>();
  private final String condition;

  FilterSql(Filter filter) {
    this.condition = condition(filter);
  }

  String condition() {
    return condition;
  }

  /** The named parameters of the condition. */
  Map<String, Object> parameters() {
    return parameters;
  }

  private String condition(Filter filter) {
    if (filter instanceof And and) {
      return "(" + condition(and.left()) + " AND " + condition(and.right()) + ")";
    }
    if (filter instanceof Or or) {
      return "(" + condition(or.left()) + " OR " + condition(or.right()) + ")";
    }
    if (filter instanceof Not not) {
      return "NOT (" + condition(not.expression()) + ")";
    }
    if (filter instanceof IsEqualTo equal) {
      return equality(equal.key(), equal.comparisonValue());
    }
    if (filter instanceof IsNotEqualTo different) {
      return "NOT " + equality(different.key(), different.comparisonValue());
    }
    if (filter instanceof IsIn in) {
      return membership(in.key(), in.comparisonValues());
    }
    if (filter instanceof IsNotIn notIn) {
      return "NOT " + membership(notIn.key(), notIn.comparisonValues());
    }
    return ordering(filter);
  }

  private String ordering(Filter filter) {
    if (filter instanceof IsGreaterThan greater) {
      return ordering(greater.key(), ">", greater.comparisonValue());
    }
    if (filter instanceof IsGreaterThanOrEqualTo atLeast) {
      return ordering(atLeast.key(), ">=", atLeast.comparisonValue());
    }
    if (filter instanceof IsLessThan less) {
      return ordering(less.key(), "<", less.comparisonValue());
    }
    if (filter instanceof IsLessThanOrEqualTo atMost) {
      return ordering(atMost.key(), "<=", atMost.comparisonValue());
    }
    throw new IllegalArgumentException(
        "the filter " + filter.getClass().getSimpleName() + " is not supported");
  }

  private String equality(String key, Object value) {
    return "coalesce(s.metadata -> %s = CAST(%s AS jsonb), false)"
        .formatted(parameter(key), parameter(json(value)));
  }

  private String membership(String key, Collection<?> values) {
    return values.stream()
        .map(value -> equality(key, value))
        .reduce((left, right) -> left + " OR " + right)
        .map(any -> "(" + any + ")")
        .orElse("false");
  }

  private String ordering(String key, String operator, Object value) {
    String name = parameter(key);
    if (value instanceof Number) {
      return """
          CASE WHEN jsonb_typeof(s.metadata -> %s) = 'number'
          THEN CAST(s.metadata ->> %s AS numeric) %s CAST(%s AS numeric) ELSE false END"""
          .formatted(name, name, operator, parameter(value.toString()));
    }
    return """
        CASE WHEN jsonb_typeof(s.metadata -> %s) = 'string'
        THEN s.metadata ->> %s COLLATE "C" %s %s ELSE false END"""
        .formatted(name, name, operator, parameter(value.toString()));
  }

  private static String json(Object value) {
    return JSON.valueToTree(value instanceof Number ? value : value.toString()).toString();
  }

  private String parameter(Object value) {
    String name = "filter" + parameters.size();
    parameters.put(name, value);
    return ":" + name;
  }
}
