package dev.freshet.job.backfill;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.TableMappings;
import dev.freshet.job.Job;
import dev.freshet.job.JobKind;
import dev.freshet.job.JobState;
import dev.freshet.job.Jobs;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mapped tables that have rows at the source and no document in the index: the feed does not
 * bring what is older than itself. The source is looked at once for each table, as soon as it
 * answers: the rows of a table that is empty then come by the feed.
 */
public final class BackfillOffers {

  private static final Logger LOG = LoggerFactory.getLogger(BackfillOffers.class);

  /** So long a source that does not answer is left alone. */
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final SourceRows rows;
  private final TableMappings mappings;
  private final DocumentLedger ledger;
  private final Jobs jobs;
  private final Clock clock;
  private final Set<TableId> settled = new HashSet<>();
  private final Set<TableId> withRows = new HashSet<>();
  private Instant lookAfter = Instant.MIN;
  private volatile SortedSet<TableId> offered = Collections.emptySortedSet();

  public BackfillOffers(
      SourceRows rows, TableMappings mappings, DocumentLedger ledger, Jobs jobs, Clock clock) {
    this.rows = rows;
    this.mappings = mappings;
    this.ledger = ledger;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** The tables that want a backfill, as of the last check. */
  public SortedSet<TableId> tables() {
    return offered;
  }

  /**
   * Looks again; to be called by one thread.
   *
   * @throws UnavailableException while the ledger does not answer
   */
  public void check() {
    var now = new TreeSet<TableId>();
    for (TableId table : mappings.tables()) {
      if (isWithoutDocuments(table) && hasRows(table) && !isBackfilled(table)) {
        now.add(table);
        if (!offered.contains(table)) {
          LOG.warn(
              "{} has rows at the source, and the index has no document of it; POST"
                  + " /backfills?table={} reads them",
              table,
              table);
        }
      }
    }
    offered = Collections.unmodifiableSortedSet(now);
  }

  private boolean isWithoutDocuments(TableId table) {
    if (!settled.contains(table) && !ledger.page(table, null, 1).isEmpty()) {
      settled.add(table);
    }
    return !settled.contains(table);
  }

  private boolean hasRows(TableId table) {
    if (withRows.contains(table)) {
      return true;
    }
    if (clock.instant().isBefore(lookAfter)) {
      return false;
    }
    try {
      if (rows.hasRows(table)) {
        return withRows.add(table);
      }
      settled.add(table);
    } catch (SourceRefusedException e) {
      settled.add(table);
      LOG.info("Whether {} needs a backfill is not known: {}", table, e.getMessage());
    } catch (UnavailableException e) {
      lookAfter = clock.instant().plus(RETRY);
      LOG.debug("The source does not say whether {} has rows: {}", table, e.getMessage());
    }
    return false;
  }

  private boolean isBackfilled(TableId table) {
    return jobs.all().stream()
        .filter(job -> job.kind() == JobKind.BACKFILL)
        .filter(job -> job.request().path("table").asText().equals(table.toString()))
        .map(Job::state)
        .anyMatch(state -> state == JobState.DONE || !state.ended());
  }
}
