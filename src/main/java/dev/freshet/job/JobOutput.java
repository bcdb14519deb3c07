package dev.freshet.job;

import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.sink.Outcome;
import java.util.List;

/**
 * How jobs change the index: at their share of the time that live changes leave, in small batches
 * between those of the live changes.
 */
public interface JobOutput {

  /**
   * Applies messages as the loop does. One that is rejected becomes a dead letter.
   *
   * @return one outcome for each, in order; none is {@link Outcome.Deferred}. A message that does
   *     not affect the index is {@link Outcome.Stale}
   * @throws UnavailableException when the sink, the ledger or the place of the dead letters does
   *     not answer; what was applied may be applied again
   * @throws InterruptedException when the job is to stop
   */
  List<Outcome> write(List<ChangeMessage> messages) throws InterruptedException;

  /** The same of changes that come of no message; what is rejected is only told. */
  List<Outcome> apply(List<DocumentChange> changes) throws InterruptedException;
}
