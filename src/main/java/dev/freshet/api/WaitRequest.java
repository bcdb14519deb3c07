package dev.freshet.api;

import dev.freshet.changeevent.Lsn;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer has to wait for.
 *
 * @param commits everything committed before this position; null where that does not matter
 * @param transaction a transaction's change of the document asked for; null where that does not
 *     matter
 * @param takeStale whether to answer with what there is when the time is up
 */
record WaitRequest(
    @Nullable Lsn commits, @Nullable Long transaction, Duration timeout, boolean takeStale) {

  /** The same, where the transaction makes no change of a document. */
  WaitRequest withoutTransaction() {
    return new WaitRequest(commits, null, timeout, takeStale);
  }

  public Optional<Lsn> minLsn() {
    return Optional.ofNullable(commits);
  }

  public Optional<Long> txId() {
    return Optional.ofNullable(transaction);
  }
}
