package dev.freshet.deadletter;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a message is about, as far as it can be read; never a column's value but the key's.
 *
 * @param table null where the message does not tell
 * @param document null where the message does not tell, and for a truncation
 * @param operation {@code upsert}, {@code delete} or {@code truncate}; null where the message does
 *     not tell
 * @param position null where the message does not tell
 */
public record Subject(
    @Nullable TableId table,
    @Nullable DocumentId document,
    @Nullable String operation,
    @Nullable Position position) {

  static final Subject UNKNOWN = new Subject(null, null, null, null);

  /** The document with the position of its change; empty where the message does not tell both. */
  Map<DocumentId, Position> change() {
    return document == null || position == null ? Map.of() : Map.of(document, position);
  }
}
