package dev.freshet.store.pgvector;

import com.pgvector.PGvector;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Finds segments, each with its document's state as of the same snapshot. */
final class SegmentQuery {

  private static final String COLUMNS =
      """
      d.table_name, d.joined_key, s.ordinal, s.text, d.position, d.tx_id,
      d.committed_at, d.captured_at, d.received_at, d.indexed_at
      """;

  /** How many candidates the vector index keeps in sight; its own bounds are 1 and 1,000. */
  private static final int LEAST_CANDIDATES = 100;

  private static final int MOST_CANDIDATES = 1_000;

  private final Handle handle;
  private final SearchScope scope;
  private final Optional<FilterSql> filter;

  /**
   * An order that no vector index has. Switching index scans off is not enough: a plan that the
   * server keeps for the statement does not heed it.
   */
  private static final String COMPARING_ALL = "(s.embedding <=> CAST(:vector AS vector)) + 0";

  SegmentQuery(Handle handle, SearchScope scope) {
    this.handle = handle;
    this.scope = scope;
    this.filter = Optional.ofNullable(scope.filter()).map(FilterSql::new);
  }

  /**
   * The nearest segments. Parts of the vector index can be out of reach, the more so where rows are
   * replaced faster than they are vacuumed; when it does not find enough, every segment is
   * compared.
   */
  List<Hit> nearest(Embedding embedding, boolean exact) {
    if (!exact) {
      searchWidely();
      List<Hit> found = nearest(embedding, "distance");
      if (found.size() >= scope.limit()) {
        return found;
      }
    }
    return nearest(embedding, COMPARING_ALL);
  }

  private List<Hit> nearest(Embedding embedding, String order) {
    return hits(
        """
        WITH nearest AS MATERIALIZED (
          SELECT %s, s.embedding <=> CAST(:vector AS vector) AS distance
          FROM freshet_text_segment s JOIN freshet_document d USING (document_id)
          WHERE %s
          ORDER BY %s
          LIMIT :limit)
        SELECT *, 1 - distance / 2 AS score FROM nearest
        ORDER BY distance, table_name, joined_key, ordinal
        """,
        order, "vector", new PGvector(embedding.vector()).getValue());
  }

  /**
   * The index goes on until enough rows are found, however many a filter, or the deletion of rows
   * that no vacuum has removed yet, leaves out. Before pgvector 0.8 it cannot. The relaxed order
   * leaves no row out, and the query sorts what it finds; the strict order drops a row that comes
   * late.
   */
  private void searchWidely() {
    int candidates = Math.min(MOST_CANDIDATES, Math.max(LEAST_CANDIDATES, scope.limit()));
    handle
        .createQuery(
            """
            SELECT set_config('hnsw.ef_search', :candidates, true),
              CASE WHEN CAST(string_to_array(extversion, '.') AS integer[]) >= ARRAY[0, 8]
              THEN set_config('hnsw.iterative_scan', 'relaxed_order', true) END
            FROM pg_extension WHERE extname = 'vector'
            """)
        .bind("candidates", String.valueOf(candidates))
        .mapToMap()
        .one();
  }

  /** The segments with one of the words, the best by all of them. */
  List<Hit> matching(WordRanking words) {
    int asked = firstWords(words);
    List<Hit> found = matching(words, asked);
    while (found.size() < scope.limit() && asked < words.count()) {
      asked = words.after(asked);
      found = matching(words, asked);
    }
    return found;
  }

  /** Of one document, every segment can be compared. */
  private int firstWords(WordRanking words) {
    return scope.document() != null ? words.count() : words.atFirst();
  }

  private List<Hit> matching(WordRanking words, int asked) {
    if (asked == 0) {
      return List.of();
    }
    String sql =
        """
        WITH query AS MATERIALIZED (SELECT %s)
        SELECT %s, best.score
        FROM (
          SELECT w.embedding_id, %s AS score FROM %s
          ORDER BY score DESC, w.embedding_id
          LIMIT :limit) AS best
        JOIN freshet_text_segment s USING (embedding_id) JOIN freshet_document d USING (document_id)
        ORDER BY best.score DESC, best.embedding_id
        """
            .formatted(words.columns(), COLUMNS, words.score(), matches());
    return matching(sql, words, asked)
        .bind("limit", scope.limit())
        .map((row, context) -> Rows.hit(row))
        .list();
  }

  /** The segments are only looked at where the scope says more of them. */
  private String matches() {
    boolean everything = scope.table() == null && scope.document() == null && filter.isEmpty();
    return """
        query CROSS JOIN freshet_words w %s
        WHERE w.words @@ CAST(:any AS tsquery) AND %s"""
        .formatted(
            everything
                ? ""
                : "JOIN freshet_text_segment s USING (embedding_id)"
                    + " JOIN freshet_document d USING (document_id)",
            condition());
  }

  private Query matching(String sql, WordRanking words, int asked) {
    return scoped(sql, "any", words.anyOf(asked)).bindMap(words.parameters());
  }

  /** The scores are made as those of {@link #nearest}, so that equal ones are equal. */
  long countNearer(Embedding embedding, double score) {
    return count(
        """
        SELECT count(*) FROM (
          SELECT 1 - (s.embedding <=> CAST(:vector AS vector)) / 2 AS score
          FROM freshet_text_segment s JOIN freshet_document d USING (document_id)
          WHERE %s) AS scored
        WHERE score > :score AND score <> 'NaN'
        """,
        score, "vector", new PGvector(embedding.vector()).getValue());
  }

  /** Among the segments that {@link #matching} compares, and by the same scores. */
  long countMatchingBetter(WordRanking words, double score) {
    int asked = firstWords(words);
    Better better = countMatchingBetter(words, asked, score);
    while (better.compared() < scope.limit() && asked < words.count()) {
      asked = words.after(asked);
      better = countMatchingBetter(words, asked, score);
    }
    return better.count();
  }

  private record Better(long compared, long count) {}

  private Better countMatchingBetter(WordRanking words, int asked, double score) {
    if (asked == 0) {
      return new Better(0, 0);
    }
    String sql =
        """
        WITH query AS MATERIALIZED (SELECT %s)
        SELECT count(*), count(*) FILTER (WHERE score > :score)
        FROM (SELECT %s AS score FROM %s) AS scored
        """
            .formatted(words.columns(), words.score(), matches());
    return matching(sql, words, asked)
        .bind("score", score)
        .map((row, context) -> new Better(row.getLong(1), row.getLong(2)))
        .one();
  }

  private long count(String sql, double score, String parameter, String argument) {
    return scoped(sql.formatted(condition()), parameter, argument)
        .bind("score", score)
        .mapTo(Long.class)
        .one();
  }

  private List<Hit> hits(String sql, String order, String parameter, String argument) {
    return scoped(sql.formatted(COLUMNS, condition(), order), parameter, argument)
        .bind("limit", scope.limit())
        .map((row, context) -> Rows.hit(row))
        .list();
  }

  private String condition() {
    String inTable = scope.table() != null ? "d.table_name = :table" : "true";
    String inDocument = scope.document() != null ? "s.document_id = :document" : "true";
    return inTable
        + " AND "
        + inDocument
        + " AND "
        + filter.map(FilterSql::condition).orElse("true");
  }

  private Query scoped(String sql, String parameter, String argument) {
    Query query = handle.createQuery(sql).bind(parameter, argument);
    if (scope.table() != null) {
      query.bind("table", scope.table().toString());
    }
    if (scope.document() != null) {
      query.bind("document", scope.document().toString());
    }
    filter.ifPresent(some -> some.bindTo(query));
    return query;
  }
}
