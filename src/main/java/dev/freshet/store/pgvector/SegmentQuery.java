package dev.freshet.store.pgvector;

import com.pgvector.PGvector;
import dev.freshet.store.Hit;
import dev.freshet.store.SearchScope;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Finds segments, each with its document's state as of the same snapshot. */
final class SegmentQuery {

  private static final String COLUMNS =
      """
      d.table_name, d.joined_key, s.ordinal, s.text, s.metadata, d.position, d.tx_id,
      d.committed_at, d.captured_at, d.received_at, d.indexed_at
      """;

  /** How many candidates the vector index keeps in sight; its own bounds are 1 and 1,000. */
  private static final int LEAST_CANDIDATES = 100;

  private static final int MOST_CANDIDATES = 1_000;

  private final Handle handle;
  private final SearchScope scope;
  private final Optional<FilterSql> filter;

  SegmentQuery(Handle handle, SearchScope scope) {
    this.handle = handle;
    this.scope = scope;
    this.filter = scope.filter().map(FilterSql::new);
  }

  /**
   * The nearest segments. Parts of the vector index can be out of reach, the more so where rows are
   * replaced faster than they are vacuumed; when it does not find enough, every segment is
   * compared.
   */
  List<Hit> nearest(Embedding embedding, boolean exact) {
    if (!exact) {
      searchWidely();
      List<Hit> found = nearest(embedding);
      if (found.size() >= scope.limit()) {
        return found;
      }
    }
    handle.execute("SET LOCAL enable_indexscan = off");
    return nearest(embedding);
  }

  private List<Hit> nearest(Embedding embedding) {
    return hits(
        """
        WITH nearest AS MATERIALIZED (
          SELECT %s, s.embedding <=> CAST(:vector AS vector) AS distance
          FROM freshet_segment s JOIN freshet_document d USING (document_id)
          WHERE %s
          ORDER BY distance
          LIMIT :limit)
        SELECT *, 1 - distance / 2 AS score FROM nearest
        ORDER BY distance, table_name, joined_key, ordinal
        """,
        "vector", new PGvector(embedding.vector()).getValue());
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

  /**
   * Any of the words will do; the text is words and nothing else, whatever it looks like. A rank is
   * a real, which the driver reads in two ways: one as text and one in binary are not equal.
   */
  List<Hit> matching(String text) {
    return hits(
        """
        SELECT %s, CAST(ts_rank_cd(s.words, query, 1) AS double precision) AS score
        FROM freshet_segment s JOIN freshet_document d USING (document_id),
          CAST(replace(CAST(plainto_tsquery('simple', :text) AS text), ' & ', ' | ') AS tsquery) query
        WHERE s.words @@ query AND %s
        ORDER BY score DESC, s.document_id, s.ordinal
        LIMIT :limit
        """,
        "text",
        // PostgreSQL's texts hold no NUL, so no word does.
        text.replace('\0', ' '));
  }

  /** The scores are made as those of {@link #nearest}, so that equal ones are equal. */
  long countNearer(Embedding embedding, double score) {
    return count(
        """
        SELECT count(*) FROM (
          SELECT 1 - (s.embedding <=> CAST(:vector AS vector)) / 2 AS score
          FROM freshet_segment s JOIN freshet_document d USING (document_id)
          WHERE %s) AS scored
        WHERE score > :score AND score <> 'NaN'
        """,
        score, "vector", new PGvector(embedding.vector()).getValue());
  }

  /** As {@link #matching} scores them. */
  long countMatchingBetter(String text, double score) {
    return count(
        """
        SELECT count(*)
        FROM freshet_segment s JOIN freshet_document d USING (document_id),
          CAST(replace(CAST(plainto_tsquery('simple', :text) AS text), ' & ', ' | ') AS tsquery) query
        WHERE s.words @@ query AND %s
          AND CAST(ts_rank_cd(s.words, query, 1) AS double precision) > :score
        """,
        score, "text", text.replace('\0', ' '));
  }

  private long count(String sql, double score, String parameter, String argument) {
    return scoped(sql.formatted(condition()), parameter, argument)
        .bind("score", score)
        .mapTo(Long.class)
        .one();
  }

  private List<Hit> hits(String sql, String parameter, String argument) {
    return scoped(sql.formatted(COLUMNS, condition()), parameter, argument)
        .bind("limit", scope.limit())
        .map((row, context) -> Rows.hit(row))
        .list();
  }

  private String condition() {
    String inTable = scope.table().isPresent() ? "d.table_name = :table" : "true";
    String inDocument = scope.document().isPresent() ? "s.document_id = :document" : "true";
    return inTable
        + " AND "
        + inDocument
        + " AND "
        + filter.map(FilterSql::condition).orElse("true");
  }

  private Query scoped(String sql, String parameter, String argument) {
    Query query = handle.createQuery(sql).bind(parameter, argument);
    scope.table().ifPresent(table -> query.bind("table", table.toString()));
    scope.document().ifPresent(document -> query.bind("document", document.toString()));
    filter.ifPresent(some -> query.bindMap(some.parameters()));
    return query;
  }
}
