package dev.freshet.document;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import org.jspecify.annotations.Nullable;

/** What is remembered of documents and tables, while changes are applied to it. */
public interface States {

  /** What is remembered of a document; null when nothing is, or its table was truncated since. */
  @Nullable DocumentState find(DocumentId id);

  /** The position of the table's newest truncation; null when there was none. */
  @Nullable Position truncated(TableId table);

  /** Remembers a state from now on. */
  void remember(DocumentState state);
}
