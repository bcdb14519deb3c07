package dev.freshet.freshness;

import dev.freshet.changeevent.TableId;
import dev.freshet.freshness.PresentRenderings.Present;
import dev.freshet.ledger.DocumentLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the documents that are as a former mapping or splitter made them. A document is made again
 * when its row changes or is read, and by a reindex, so until then it is as the former one made it.
 */
public final class FormerMappings {

  private static final Logger LOG = LoggerFactory.getLogger(FormerMappings.class);

  private static final Duration LEAST_PAUSE = Duration.ofSeconds(3);

  /** Counting takes a twentieth of the time at most. */
  private static final int PAUSE_TIMES = 19;

  private final DocumentLedger ledger;
  private final PresentRenderings renderings;
  private final Clock clock;
  private volatile SortedMap<TableId, Long> documents = Collections.emptySortedMap();
  private Instant due = Instant.MIN;

  public FormerMappings(DocumentLedger ledger, PresentRenderings renderings, Clock clock) {
    this.ledger = ledger;
    this.renderings = renderings;
    this.clock = clock;
  }

  /** The tables that have documents which are as a former mapping made them. */
  public Set<TableId> tables() {
    var tables = new TreeSet<TableId>();
    documents.forEach((table, count) -> tables.addAll(count > 0 ? Set.of(table) : Set.of()));
    return tables;
  }

  /** How many such documents each configured table has; without tables that were not counted. */
  public SortedMap<TableId, Long> documents() {
    return documents;
  }

  /**
   * Counts, if the last count is some seconds old; to be called by one thread.
   *
   * @throws dev.freshet.UnavailableException while the ledger does not answer
   */
  public void check() {
    Instant start = clock.instant();
    if (start.isBefore(due)) {
      return;
    }
    var counts = new TreeMap<TableId, Long>();
    for (Present present : renderings.all()) {
      long former = count(present);
      renderings.note(present, former > 0);
      counts.put(present.table(), former);
    }
    report(counts);
    documents = Collections.unmodifiableSortedMap(counts);
    Duration pause = Duration.between(start, clock.instant()).multipliedBy(PAUSE_TIMES);
    due = clock.instant().plus(pause.compareTo(LEAST_PAUSE) > 0 ? pause : LEAST_PAUSE);
  }

  private long count(Present present) {
    return ledger.renderings(present.table(), present.current()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private void report(Map<TableId, Long> counts) {
    counts.forEach(
        (table, count) -> {
          long before = documents.getOrDefault(table, 0L);
          if (before == 0 && count > 0) {
            LOG.warn(
                "{} documents of {} are as a former mapping or splitter made them; POST"
                    + " /reindexes?table={} makes them again, and so does each change of a row",
                count,
                table,
                table);
          } else if (before > 0 && count == 0) {
            LOG.info("All documents of {} are made by the present mapping", table);
          }
        });
  }
}
