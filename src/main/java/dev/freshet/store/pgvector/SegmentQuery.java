package dev.freshet.store.pgvector;

import com.pgvector.PGvector;
import dev.freshet.store.Hit;
import dev.freshet.store.SearchScope;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
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

  SegmentQuery(Handle handle, SearchScope scope) {
    this.handle = handle;
    this.scope = scope;
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

  /** Any of the words will do; the text is words and nothing else, whatever it looks like. */
  List<Hit> matching(String text) {
    return hits(
        """
        SELECT %s, ts_rank_cd(s.words, query, 1) AS score
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

  private List<Hit> hits(String sql, String parameter, String argument) {
    var filter = scope.filter().map(FilterSql::new);
    String inTable = scope.table().isPresent() ? "d.table_name = :table" : "true";
    String condition = filter.map(FilterSql::condition).orElse("true");
    Query query =
        handle
            .createQuery(sql.formatted(COLUMNS, inTable + " AND " + condition))
            .bind(parameter, argument)
            .bind("limit", scope.limit());
    scope.table().ifPresent(table -> query.bind("table", table.toString()));
    filter.ifPresent(some -> query.bindMap(some.parameters()));
    return query.map((row, context) -> Rows.hit(row)).list();
  }
}
