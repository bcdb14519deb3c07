package dev.freshet.document;

import dev.freshet.changeevent.Position;
import java.util.Set;

/** What a change does to its document. */
public sealed interface Decision {

  /** It is newer, in whole or in a column: the document has another newest version. */
  record Changed() implements Decision {}

  /** It is not newer: the document stays as it was. */
  record Stale() implements Decision {}

  /**
   * It is the newest, but leaves out values that nobody knows yet: the document is not there until
   * they arrive.
   */
  record Incomplete(Set<String> columns) implements Decision {}

  /**
   * It would be stale by its position, and yet was committed later than what is remembered: the
   * source has started its LSN again.
   */
  record Contradicted(Position remembered) implements Decision {}
}
