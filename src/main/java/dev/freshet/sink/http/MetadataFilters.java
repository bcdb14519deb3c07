package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.search.UnsupportedSearchException;
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

/** A filter in the form of LlamaIndex's {@code MetadataFilters}. */
final class MetadataFilters {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private MetadataFilters() {}

  /** The outermost object is a {@code MetadataFilters}, even for a single comparison. */
  static ObjectNode of(Filter filter) throws UnsupportedSearchException {
    return filter instanceof And || filter instanceof Or || filter instanceof Not
        ? part(filter)
        : group("and", filter);
  }

  private static ObjectNode part(Filter filter) throws UnsupportedSearchException {
    if (filter instanceof And and) {
      return group("and", and.left(), and.right());
    }
    if (filter instanceof Or or) {
      return group("or", or.left(), or.right());
    }
    if (filter instanceof Not not) {
      return group("not", not.expression());
    }
    return comparison(filter);
  }

  private static ObjectNode group(String condition, Filter... filters)
      throws UnsupportedSearchException {
    ObjectNode group = JsonNodeFactory.instance.objectNode();
    group.put("condition", condition);
    for (Filter filter : filters) {
      group.withArray("filters").add(part(filter));
    }
    return group;
  }

  private static ObjectNode comparison(Filter filter) throws UnsupportedSearchException {
    if (filter instanceof IsEqualTo one) {
      return comparison(one.key(), "==", one.comparisonValue());
    }
    if (filter instanceof IsNotEqualTo one) {
      return comparison(one.key(), "!=", one.comparisonValue());
    }
    if (filter instanceof IsGreaterThan one) {
      return comparison(one.key(), ">", one.comparisonValue());
    }
    if (filter instanceof IsGreaterThanOrEqualTo one) {
      return comparison(one.key(), ">=", one.comparisonValue());
    }
    if (filter instanceof IsLessThan one) {
      return comparison(one.key(), "<", one.comparisonValue());
    }
    if (filter instanceof IsLessThanOrEqualTo one) {
      return comparison(one.key(), "<=", one.comparisonValue());
    }
    if (filter instanceof IsIn one) {
      return comparison(one.key(), "in", one.comparisonValues());
    }
    if (filter instanceof IsNotIn one) {
      return comparison(one.key(), "nin", one.comparisonValues());
    }
    throw new UnsupportedSearchException(
        "the LlamaIndex service has no filter for " + filter.getClass().getSimpleName());
  }

  private static ObjectNode comparison(String key, String operator, Object value) {
    ObjectNode comparison = JsonNodeFactory.instance.objectNode();
    comparison.put("key", key).put("operator", operator).set("value", MAPPER.valueToTree(value));
    return comparison;
  }
}
