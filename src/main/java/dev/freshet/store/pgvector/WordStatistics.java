package dev.freshet.store.pgvector;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How many segments there are, how long they are, and in how many of them a word stands. Of a small
 * index this is counted each time. Of a larger one it is remembered for a minute, and how common
 * the common words are is taken from PostgreSQL's own statistics: to count them takes as long as a
 * search. Safe for use by many threads.
 */
final class WordStatistics {

  /** Up to here, counting takes no time. */
  private static final long SMALL_BYTES = 1 << 20;

  private static final long SAMPLED_BYTES = 4 << 20;
  private static final int MOST_REMEMBERED = 50_000;
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private volatile @Nullable Memory memory;

  /**
   * What ranking needs.
   *
   * @param averageLength at least 1
   * @param byWord in how many segments each word stands, at least 1
   */
  record Frequencies(double segments, double averageLength, Map<String, Double> byWord) {}

  private record Totals(double segments, double averageLength) {

    static Totals of(ResultSet row) throws SQLException {
      return new Totals(row.getDouble(1), Math.max(1, row.getDouble(2)));
    }
  }

  private record Memory(Totals totals, Map<String, Double> byWord, long readAt) {

    boolean holds() {
      return System.nanoTime() - readAt < REMEMBERED.toNanos() && byWord.size() < MOST_REMEMBERED;
    }
  }

  Frequencies of(Set<String> words, Handle handle) {
    Memory known = memory;
    if (known == null || !known.holds()) {
      long bytes = bytes(handle);
      if (bytes <= SMALL_BYTES) {
        return frequencies(counted(handle), counted(words, handle), words);
      }
      Totals totals = estimated(bytes, handle);
      known = new Memory(totals, common(totals.segments(), handle), System.nanoTime());
      memory = known;
    }
    return remembered(words, known, handle);
  }

  private static Frequencies remembered(Set<String> words, Memory known, Handle handle) {
    var unknown = new HashSet<>(words);
    unknown.removeAll(known.byWord().keySet());
    if (!unknown.isEmpty()) {
      known.byWord().putAll(counted(unknown, handle));
    }
    return frequencies(known.totals(), known.byWord(), words);
  }

  private static Frequencies frequencies(
      Totals totals, Map<String, Double> known, Set<String> words) {
    var byWord = new HashMap<String, Double>();
    words.forEach(word -> byWord.put(word, known.getOrDefault(word, 1.0)));
    return new Frequencies(totals.segments(), totals.averageLength(), byWord);
  }

  private static long bytes(Handle handle) {
    return handle.createQuery("SELECT pg_relation_size('freshet_words')").mapTo(Long.class).one();
  }

  private static Totals counted(Handle handle) {
    return handle
        .createQuery("SELECT count(*), coalesce(avg(length), 1) FROM freshet_words")
        .map((row, context) -> Totals.of(row))
        .one();
  }

  /** A word that is not there yet may be there when the search comes. */
  private static Map<String, Double> counted(Collection<String> words, Handle handle) {
    var counted = new HashMap<String, Double>();
    handle
        .createQuery(
            """
            SELECT word, (SELECT count(*) FROM freshet_words
                          WHERE words @@ CAST(quoted AS tsquery))
            FROM unnest(:words, :quoted) AS asked (word, quoted)
            """)
        .bindArray("words", String.class, words)
        .bindArray("quoted", String.class, words.stream().map(WordVector::quoted).toList())
        .map((row, context) -> counted.put(row.getString(1), Math.max(1, row.getDouble(2))))
        .list();
    return counted;
  }

  /** The number of rows as the planner makes it, and the mean length in a part of the pages. */
  private static Totals estimated(long bytes, Handle handle) {
    return handle
        .createQuery(
            """
            SELECT
              CASE WHEN reltuples > 0 AND relpages > 0
              THEN reltuples / relpages * (:bytes / CAST(current_setting('block_size') AS real))
              ELSE (SELECT count(*) FROM freshet_words) END,
              (SELECT coalesce(avg(length), 1)
               FROM freshet_words TABLESAMPLE SYSTEM (:percent) REPEATABLE (1))
            FROM pg_class WHERE oid = CAST('freshet_words' AS regclass)
            """)
        .bind("bytes", bytes)
        .bind("percent", Math.min(100, 100.0 * SAMPLED_BYTES / bytes))
        .map((row, context) -> Totals.of(row))
        .one();
  }

  /** The words that ANALYZE found to be common. Without it there are none, and they are counted. */
  private static Map<String, Double> common(double segments, Handle handle) {
    var byWord = new ConcurrentHashMap<String, Double>();
    handle
        .createQuery(
            """
            SELECT word, frequency
            FROM pg_stats, unnest(
              CAST(CAST(most_common_elems AS text) AS text[]), most_common_elem_freqs)
              AS common (word, frequency)
            WHERE schemaname = current_schema() AND tablename = 'freshet_words'
              AND attname = 'words' AND word IS NOT NULL
            """)
        .map(
            (row, context) ->
                byWord.put(row.getString(1), Math.max(1, row.getDouble(2) * segments)))
        .list();
    return byWord;
  }
}
