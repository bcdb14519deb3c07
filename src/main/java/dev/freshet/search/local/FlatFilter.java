package dev.freshet.search.local;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;
import java.util.Collection;

/**
 * A filter in the terms of the stored metadata: LangChain4j's metadata has no booleans, so stores
 * keep them as the texts {@code true} and {@code false}.
 */
final class FlatFilter {

  private FlatFilter() {}

  static Filter of(Filter filter) {
    if (filter instanceof And and) {
      return new And(of(and.left()), of(and.right()));
    }
    if (filter instanceof Or or) {
      return new Or(of(or.left()), of(or.right()));
    }
    if (filter instanceof Not not) {
      return new Not(of(not.expression()));
    }
    if (filter instanceof IsEqualTo equal) {
      return new IsEqualTo(equal.key(), flat(equal.comparisonValue()));
    }
    if (filter instanceof IsNotEqualTo different) {
      return new IsNotEqualTo(different.key(), flat(different.comparisonValue()));
    }
    if (filter instanceof IsIn in) {
      Collection<?> values = in.comparisonValues();
      return new IsIn(in.key(), values.stream().map(FlatFilter::flat).toList());
    }
    return filter;
  }

  private static Object flat(Object value) {
    return value instanceof Boolean ? value.toString() : value;
  }
}
