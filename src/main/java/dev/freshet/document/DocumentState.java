package dev.freshet.document;

import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of a document, so that an event is compared with what was applied before.
 *
 * @param origin that of the newest event applied
 * @param deleted whether the document is gone; the state then is the tombstone that keeps a late
 *     update from bringing it back
 * @param columns the columns that the mapping uses, in column order; of a tombstone only those that
 *     a key change still needs
 */
public record DocumentState(
    DocumentId id, Origin origin, boolean deleted, Map<String, ColumnVersion> columns) {

  public DocumentState {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  public Position position() {
    return origin.position();
  }
}
