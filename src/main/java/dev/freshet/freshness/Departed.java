package dev.freshet.freshness;

import dev.freshet.document.DocumentId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the documents of messages that left the feed without being settled here. The watermark
 * asks it before it rises: such a message was sent before those that were settled, so its document
 * must be known to have failed first.
 */
@FunctionalInterface
public interface Departed {

  /** Where nothing leaves the feed otherwise. */
  Departed NONE = () -> Standing.CLEAR;

  /**
   * Remembers what left since the last call.
   *
   * @throws dev.freshet.UnavailableException when it cannot be remembered now
   */
  Standing account();

  /**
   * What is known of the messages that left.
   *
   * @param open one sentence on why the watermark must not rise now; null where it may
   * @param caveat one sentence on why it may be wrong about some messages; null where it is not
   * @param failures the changes that were remembered by this call
   */
  record Standing(@Nullable String open, @Nullable String caveat, List<Failed> failures) {

    static final Standing CLEAR = new Standing(null, null, List.of());

    public Standing {
      failures = List.copyOf(failures);
    }
  }

  /**
   * A change that is known to have failed.
   *
   * @param txId its transaction; null where the event does not say
   */
  record Failed(DocumentId document, @Nullable Long txId) {}
}
