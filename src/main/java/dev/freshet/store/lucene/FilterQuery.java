package dev.freshet.store.lucene;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
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
import java.util.List;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.util.BytesRef;

/**
 * A condition on the metadata as a query that finds the segments which meet it. A value is compared
 * with values of its own type only: texts, numbers and booleans. Equality of numbers is exact;
 * which of two is larger is decided in double precision.
 */
final class FilterQuery {

  private FilterQuery() {}

  /**
   * @throws IllegalArgumentException when the filter is of a kind that LangChain4j added meanwhile
   */
  static Query of(Filter filter) {
    if (filter instanceof And and) {
      return both(Occur.FILTER, of(and.left()), of(and.right()));
    }
    if (filter instanceof Or or) {
      return both(Occur.SHOULD, of(or.left()), of(or.right()));
    }
    if (filter instanceof Not not) {
      return allBut(of(not.expression()));
    }
    return membership(filter);
  }

  private static Query membership(Filter filter) {
    if (filter instanceof IsEqualTo equal) {
      return anyOf(equal.key(), List.of(equal.comparisonValue()));
    }
    if (filter instanceof IsNotEqualTo different) {
      return allBut(anyOf(different.key(), List.of(different.comparisonValue())));
    }
    if (filter instanceof IsIn in) {
      return anyOf(in.key(), in.comparisonValues());
    }
    if (filter instanceof IsNotIn notIn) {
      return allBut(anyOf(notIn.key(), notIn.comparisonValues()));
    }
    if (filter instanceof ContainsString contains) {
      return containing(contains.key(), contains.comparisonValue());
    }
    return range(filter);
  }

  private static Query range(Filter filter) {
    if (filter instanceof IsGreaterThan greater) {
      return above(greater.key(), greater.comparisonValue(), false);
    }
    if (filter instanceof IsGreaterThanOrEqualTo atLeast) {
      return above(atLeast.key(), atLeast.comparisonValue(), true);
    }
    if (filter instanceof IsLessThan less) {
      return below(less.key(), less.comparisonValue(), false);
    }
    if (filter instanceof IsLessThanOrEqualTo atMost) {
      return below(atMost.key(), atMost.comparisonValue(), true);
    }
    throw new IllegalArgumentException(
        "the index knows no filter " + filter.getClass().getSimpleName());
  }

  private static Query both(Occur occur, Query left, Query right) {
    return new BooleanQuery.Builder().add(left, occur).add(right, occur).build();
  }

  private static Query allBut(Query excluded) {
    return new BooleanQuery.Builder()
        .add(new FieldExistsQuery(SegmentDocument.VECTOR), Occur.FILTER)
        .add(excluded, Occur.MUST_NOT)
        .build();
  }

  private static Query anyOf(String key, Collection<?> values) {
    var terms = values.stream().map(value -> new BytesRef(MetadataTerms.term(key, value))).toList();
    return new TermInSetQuery(MetadataTerms.FIELD, terms);
  }

  private static Query above(String key, Comparable<?> bound, boolean inclusive) {
    if (bound instanceof Number number) {
      double least = MetadataTerms.decimal(number).doubleValue();
      return DoublePoint.newRangeQuery(
          MetadataTerms.pointField(key),
          inclusive ? least : DoublePoint.nextUp(least),
          Double.POSITIVE_INFINITY);
    }
    return TermRangeQuery.newStringRange(
        MetadataTerms.FIELD,
        MetadataTerms.term(key, bound),
        MetadataTerms.afterLast(key, bound),
        inclusive,
        false);
  }

  private static Query below(String key, Comparable<?> bound, boolean inclusive) {
    if (bound instanceof Number number) {
      double most = MetadataTerms.decimal(number).doubleValue();
      return DoublePoint.newRangeQuery(
          MetadataTerms.pointField(key),
          Double.NEGATIVE_INFINITY,
          inclusive ? most : DoublePoint.nextDown(most));
    }
    return TermRangeQuery.newStringRange(
        MetadataTerms.FIELD,
        MetadataTerms.first(key, bound),
        MetadataTerms.term(key, bound),
        true,
        inclusive);
  }

  private static Query containing(String key, String part) {
    String pattern = literal(MetadataTerms.first(key, part)) + "*" + literal(part) + "*";
    return new WildcardQuery(new Term(MetadataTerms.FIELD, pattern));
  }

  private static String literal(String text) {
    return text.replaceAll("[\\\\*?]", "\\\\$0");
  }
}
