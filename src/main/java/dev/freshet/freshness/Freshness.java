package dev.freshet.freshness;

import dev.freshet.changeevent.CommitPosition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fresh the index is at one moment.
 *
 * @param asOf every commit before this place is searchable, but for the documents that failed; null
 *     while no place is known
 * @param asOfTime when the newest transaction that was applied was committed
 * @param exact whether nobody else can hold messages of the same queue
 * @param lag the age of the newest commit that was applied while others wait; zero while none waits
 *     and the source is heard; null where it is not known
 * @param pending messages that wait in the queue or are being applied; null where it is not known
 * @param deadLettered messages that were given up; null where it is not known
 * @param failedDocuments documents whose newest change was given up, or a moment ago more; null
 *     while they were not counted yet
 * @param silentSince since when nothing has come from the source, where that is long
 * @param note one sentence on what is not as it should be
 */
public record Freshness(
    @Nullable CommitPosition asOf,
    @Nullable Instant asOfTime,
    boolean exact,
    @Nullable Duration lag,
    @Nullable Long pending,
    @Nullable Long deadLettered,
    @Nullable Long failedDocuments,
    @Nullable Instant silentSince,
    @Nullable String note) {}
