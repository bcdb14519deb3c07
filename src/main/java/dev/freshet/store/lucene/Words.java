package dev.freshet.store.lucene;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** The words of a text, as the index knows them. No text is a query in any language. */
final class Words {

  /** Lucene refuses a query of more than 1024 clauses, those of the filter included. */
  private static final int MOST = 512;

  static final Analyzer ANALYZER = new WordAnalyzer();

  private Words() {}

  /** Finds the segments with at least one of the text's words; of a text without any, none. */
  static Query query(String text) throws IOException {
    var query = new BooleanQuery.Builder();
    for (String word : of(text)) {
      query.add(new TermQuery(new Term(SegmentDocument.TEXT, word)), Occur.SHOULD);
    }
    return query.build();
  }

  private static Set<String> of(String text) throws IOException {
    var words = new LinkedHashSet<String>();
    try (var tokens = ANALYZER.tokenStream(SegmentDocument.TEXT, text)) {
      var word = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (words.size() < MOST && tokens.incrementToken()) {
        words.add(word.toString());
      }
      tokens.end();
    }
    return words;
  }
}
