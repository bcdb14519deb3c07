package dev.freshet.store.lucene;

import dev.freshet.words.Words;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Asks for the words of a text. */
final class WordQuery {

  private WordQuery() {}

  /** Finds the segments with at least one of the text's words; of a text without any, none. */
  static Query of(String text) {
    var query = new BooleanQuery.Builder();
    for (String word : Words.toFind(text)) {
      query.add(new TermQuery(new Term(SegmentDocument.WORDS, word)), Occur.SHOULD);
    }
    return query.build();
  }
}
