package dev.freshet.store.pgvector;

import dev.freshet.words.WordAnalyzer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the words of the segments that have none, or those of an older analysis: an older Freshet
 * wrote them. Nothing is embedded for it. It goes page by page, each in a transaction of its own,
 * so that it goes on where it ended, and others write meanwhile.
 */
final class WordRenewal {

  private static final Logger LOG = LoggerFactory.getLogger(WordRenewal.class);

  private static final int PAGE = 500;
  private static final UUID FIRST = new UUID(0, 0);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

  private record Segment(UUID id, String text) {}

  private final Jdbi jdbi;
  private final AtomicLong renewed = new AtomicLong();

  WordRenewal(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** How many segments this has renewed until now. */
  long renewed() {
    return renewed.get();
  }

  void run() {
    UUID last = FIRST;
    Instant reported = Instant.now();
    for (List<Segment> page = renewAfter(last); !page.isEmpty(); page = renewAfter(last)) {
      last = page.get(page.size() - 1).id();
      renewed.addAndGet(page.size());
      if (reported.plus(BETWEEN_REPORTS).isBefore(Instant.now())) {
        reported = Instant.now();
        LOG.info("Renewing the words of segments, once: {} are done", renewed.get());
      }
    }
    if (renewed.get() > 0) {
      // What is known of words is of use only once it is measured.
      jdbi.useHandle(handle -> handle.execute("ANALYZE freshet_words"));
      LOG.info("Renewed the words of {} segments; nothing was embedded for it", renewed.get());
    }
  }

  private List<Segment> renewAfter(UUID last) {
    return jdbi.inTransaction(
        handle -> {
          List<Segment> page = without(handle, last);
          var writer = new WordWriter(handle);
          page.forEach(segment -> writer.add(segment.id(), segment.text()));
          writer.execute();
          return page;
        });
  }

  /** Locked, because nobody may delete them before their words are written. */
  private static List<Segment> without(Handle handle, UUID last) {
    return handle
        .createQuery(
            """
            SELECT s.embedding_id, s.text
            FROM freshet_text_segment s LEFT JOIN freshet_words w USING (embedding_id)
            WHERE s.embedding_id > :last AND (w.analysis IS NULL OR w.analysis < :analysis)
            ORDER BY s.embedding_id
            LIMIT :page
            FOR KEY SHARE OF s
            """)
        .bind("last", last)
        .bind("analysis", WordAnalyzer.VERSION)
        .bind("page", PAGE)
        .map((row, context) -> new Segment(row.getObject(1, UUID.class), row.getString(2)))
        .list();
  }
}
