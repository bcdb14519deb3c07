package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.Position;
import dev.freshet.document.Decision.Changed;
import dev.freshet.document.Decision.Stale;
import dev.freshet.document.Decision.Unresolved;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Upsert;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which the newest version of a document wins, in whatever order its changes arrive:
 *
 * <ol>
 *   <li>A change whose position is not newer than the document's, or than its table's truncation,
 *       changes nothing.
 *   <li>A deleted document leaves a tombstone with its position.
 *   <li>A value that a change leaves out keeps its version, column by column: a change that is
 *       stale for the row may still be the newest for such a column, and then it supplies it.
 *   <li>After a key change the old values stand under the old key; taken over, they are as new as
 *       the key change, because the new key may have been another row's before.
 * </ol>
 */
public final class NewestWins {

  private NewestWins() {}

  /**
   * Decides what an upsert does.
   *
   * @param remembered the document's state; null when there is none
   * @param old the state under the key that the row had before this change; null when there is none
   * @param truncated the position of the table's newest truncation; null when there was none
   */
  public static Decision upsert(
      Upsert change,
      @Nullable DocumentState remembered,
      @Nullable DocumentState old,
      @Nullable Position truncated) {
    Position position = change.origin().position();
    if (truncated != null && !position.supersedes(truncated)) {
      return new Stale();
    }
    DocumentState state = unlessTruncated(remembered, truncated);
    if (state != null && !position.supersedes(state.position())) {
      return supplyColumns(change, state);
    }
    DocumentState before = change.oldId() == null ? state : unlessTruncated(old, truncated);
    return replaceRow(change, before);
  }

  /**
   * Decides what a delete does.
   *
   * @param remembered the document's state; null when there is none
   * @param truncated the position of the table's newest truncation; null when there was none
   */
  public static Decision delete(
      Delete change, @Nullable DocumentState remembered, @Nullable Position truncated) {
    Position position = change.origin().position();
    if (truncated != null && !position.supersedes(truncated)) {
      return new Stale();
    }
    DocumentState state = unlessTruncated(remembered, truncated);
    if (state != null && !position.supersedes(state.position())) {
      return new Stale();
    }
    Map<String, ColumnVersion> stillWanted =
        state != null && change.moved() ? state.columns() : Map.of();
    return new Changed(new DocumentState(change.id(), change.origin(), true, stillWanted));
  }

  /** A state that the table's truncation superseded is gone. */
  public static @Nullable DocumentState unlessTruncated(
      @Nullable DocumentState state, @Nullable Position truncated) {
    return state == null || truncated == null || state.position().supersedes(truncated)
        ? state
        : null;
  }

  private static Decision replaceRow(Upsert change, @Nullable DocumentState before) {
    Map<String, ColumnVersion> known =
        before == null || (before.deleted() && change.oldId() == null)
            ? Map.of()
            : before.columns();
    var columns = new LinkedHashMap<String, ColumnVersion>();
    change.row().values().forEach((name, value) -> columns.put(name, version(value, change)));
    var unknown = new TreeSet<String>();
    for (String name : change.row().unavailable()) {
      ColumnVersion older = known.get(name);
      if (older == null) {
        unknown.add(name);
      } else {
        columns.put(name, change.oldId() == null ? older : version(older.value(), change));
      }
    }
    return unknown.isEmpty()
        ? new Changed(new DocumentState(change.id(), change.origin(), false, columns))
        : new Unresolved(unknown);
  }

  private static Decision supplyColumns(Upsert change, DocumentState state) {
    var columns = new LinkedHashMap<>(state.columns());
    boolean supplied = false;
    for (var value : change.row().values().entrySet()) {
      ColumnVersion current = state.columns().get(value.getKey());
      if (current != null && change.origin().position().supersedes(current.position())) {
        columns.put(value.getKey(), version(value.getValue(), change));
        supplied = true;
      }
    }
    return supplied && !state.deleted()
        ? new Changed(new DocumentState(state.id(), state.origin(), false, columns))
        : new Stale();
  }

  private static ColumnVersion version(JsonNode value, Upsert change) {
    return new ColumnVersion(value, change.origin().position());
  }
}
