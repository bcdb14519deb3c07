package dev.freshet.ledger;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the state of every document. Calls that fail for the infrastructure's sake throw {@link
 * dev.freshet.UnavailableException}, and then nothing was changed; a call with a value that the
 * store cannot take throws {@link dev.freshet.RejectedException}.
 */
public interface DocumentLedger extends AutoCloseable {

  /** Reads the newest committed states. */
  LedgerView read(Set<DocumentId> documents, Set<TableId> tables);

  /** The ids of the table's documents that are not deleted. */
  List<DocumentId> documentsOf(TableId table);

  /**
   * Makes the update durable and visible in one transaction.
   *
   * @throws ConcurrentUpdateException when a document's revision is not the expected one, or a
   *     table was truncated at a position that a written document does not supersede; nothing was
   *     changed
   */
  void commit(LedgerUpdate update) throws ConcurrentUpdateException;

  /**
   * Forgets the tombstones of documents that were deleted before the instant. An update that is
   * older than such a deletion and arrives later still would bring its document back.
   *
   * @return how many
   */
  int forgetTombstones(Instant deletedBefore);

  /**
   * Documents of which earlier versions are remembered, and whose newest was written before the
   * instant.
   *
   * @param limit the most to answer
   */
  List<StoredDocument> withPast(Instant indexedBefore, int limit);

  /**
   * How much is stored of each table of which anything is, in the order of their names. Everything
   * is counted, so it takes time in proportion to the ledger.
   */
  List<TableCoverage> coverage();

  /**
   * The table's documents that are not deleted, in an order of their ids that stays. What changes
   * meanwhile may be missed, or be in two pages; what stays is in one.
   *
   * @param after the last document of the page before, whatever became of it; null at first
   * @param limit the most to answer; of large documents fewer, but never none before the end
   */
  List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit);

  /**
   * The table's searchable documents that say so of what has made them, in pages like {@link
   * #page}.
   *
   * @param rendering {@link Rendering#UNKNOWN} for those that do not say
   */
  List<StoredDocument> renderedBy(
      TableId table, Rendering rendering, @Nullable DocumentId after, int limit);

  /**
   * How many of the table's searchable documents each rendering has made, but for some. It takes
   * time in proportion to the documents that it counts, not to those that are left out.
   *
   * @param except renderings whose documents are not counted
   */
  Map<Rendering, Long> renderings(TableId table, Set<Rendering> except);

  /** The documents whose newest change was dead-lettered. */
  FailureLedger failures();

  /** How far the source's commits are applied. */
  WatermarkLedger watermarks();

  /** What the index as a whole has to know across restarts. */
  NoteLedger notes();

  /** The dead letters of a feed that has no place for them. */
  DeadLetterLedger deadLetters();

  /** Whether the store answers now. */
  StoreStatus status();

  /** The version of its tables; null where it has none, or it is not known yet. */
  default @Nullable String schemaVersion() {
    return null;
  }

  @Override
  void close();
}
