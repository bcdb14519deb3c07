package dev.freshet.changeevent;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a message shows the source's stream to be.
 *
 * @param source which capture sent it
 * @param proof once the message and all before it are applied, so is every commit before this
 *     place; null where the message proves nothing
 * @param commitTime when the message's own transaction was committed; null where it does not say
 */
public record SourceProgress(
    SourceName source, @Nullable CommitPosition proof, @Nullable Instant commitTime) {

  /** Of a message that says nothing. */
  public static final SourceProgress NONE = new SourceProgress(SourceName.NONE, null, null);

  /** The same, without what it proves of another epoch's commits. */
  public SourceProgress ofEpoch(int epoch) {
    return proof == null || proof.epoch() == epoch
        ? this
        : new SourceProgress(source, null, commitTime);
  }
}
