package dev.freshet.api;

import dev.freshet.changeevent.Lsn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an answer has to wait for.
 *
 * @param minLsn everything committed before this position; null where that does not matter
 * @param txId a transaction's change of the document asked for; null where that does not matter
 * @param takeStale whether to answer with what there is when the time is up
 */
record WaitRequest(@Nullable Lsn minLsn, @Nullable Long txId, Duration timeout, boolean takeStale) {

  /** The same, where the transaction makes no change of a document. */
  WaitRequest withoutTransaction() {
    return new WaitRequest(minLsn, null, timeout, takeStale);
  }
}
