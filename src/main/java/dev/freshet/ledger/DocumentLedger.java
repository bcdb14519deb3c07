package dev.freshet.ledger;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

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
   * Documents of which earlier versions are remembered, and whose newest became searchable before
   * the instant.
   *
   * @param limit the most to answer
   */
  List<StoredDocument> withPast(Instant indexedBefore, int limit);

  /**
   * How much is stored of each table of which anything is, in the order of their names. Everything
   * is counted, so it takes time in proportion to the ledger.
   */
  List<TableCoverage> coverage();

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

  @Override
  void close();
}
