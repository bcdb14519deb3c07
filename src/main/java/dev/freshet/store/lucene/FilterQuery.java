package dev.freshet.store.lucene;

import dev.freshet.index.Condition;
import dev.freshet.index.FilterTerms;
import dev.freshet.index.TermFilter;
import dev.freshet.index.TermFilter.And;
import dev.freshet.index.TermFilter.AnyOf;
import dev.freshet.index.TermFilter.Between;
import dev.freshet.index.TermFilter.Not;
import dev.freshet.index.TermFilter.Or;
import java.util.List;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;

/** A condition on the metadata as a query that finds the segments of the documents that meet it. */
final class FilterQuery {

  private FilterQuery() {}

  static Query of(Condition condition) {
    return of(FilterTerms.of(condition));
  }

  private static Query of(TermFilter filter) {
    if (filter instanceof AnyOf any) {
      return new TermInSetQuery(
          SegmentDocument.TERMS, any.terms().stream().map(BytesRef::new).toList());
    }
    if (filter instanceof Between between) {
      return TermRangeQuery.newStringRange(
          SegmentDocument.TERMS,
          between.from(),
          between.to(),
          between.fromIncluded(),
          between.toIncluded());
    }
    if (filter instanceof Not not) {
      return new BooleanQuery.Builder()
          .add(new FieldExistsQuery(SegmentDocument.VECTOR), Occur.FILTER)
          .add(of(not.filter()), Occur.MUST_NOT)
          .build();
    }
    return filter instanceof And and
        ? joined(and.filters(), Occur.FILTER)
        : joined(((Or) filter).filters(), Occur.SHOULD);
  }

  private static Query joined(List<TermFilter> filters, Occur occur) {
    var query = new BooleanQuery.Builder();
    filters.forEach(filter -> query.add(of(filter), occur));
    return query.build();
  }
}
