package dev.freshet.ledger;

import dev.freshet.changeevent.TableId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much of a table the ledger has.
 *
 * @param documents those that are not deleted, be they searchable or wait for values
 * @param deleted the tombstones that are remembered; a truncation leaves none
 * @param failed the documents whose newest change was dead-lettered, as {@link FailureLedger#count}
 *     counts them
 * @param newestCommittedAt the newest commit among those of the versions that are stored; null when
 *     none is known
 * @param lastIndexedAt when the newest of the stored versions was written; null when there is none
 */
public record TableCoverage(
    TableId table,
    long documents,
    long deleted,
    long failed,
    @Nullable Instant newestCommittedAt,
    @Nullable Instant lastIndexedAt) {}
