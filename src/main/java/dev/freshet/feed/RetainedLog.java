package dev.freshet.feed;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the source keeps of its log until this feed has settled it.
 *
 * @param slot the replication slot
 * @param status PostgreSQL's {@code wal_status}: {@code reserved}, {@code extended} beyond {@code
 *     max_wal_size}, {@code unreserved} when the next checkpoint may remove it, or {@code lost}
 * @param bytes from the slot's oldest change to the end of the log
 * @param settledUntil when the newest change was committed before which everything is settled, as
 *     far as that is noted; null while nothing is noted. On an idle source it is some seconds old
 */
public record RetainedLog(String slot, String status, long bytes, @Nullable Instant settledUntil) {}
