package dev.freshet.store.pgvector;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.index.IndexedDocument;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StateWrite;
import dev.freshet.ledger.TableTruncation;
import dev.freshet.store.StoreUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * One update inside one transaction. Tables, then documents are locked in the order of their names,
 * so that instances wait for one another and never in a circle.
 */
final class Commit {

  private static final int CHUNK = 1_000;

  private final Handle handle;
  private final LedgerUpdate update;
  private final Map<DocumentId, IndexedDocument> contents;

  Commit(Handle handle, StoreUpdate update) {
    this.handle = handle;
    this.update = update.ledger();
    this.contents = update.contentsById();
  }

  void run() throws ConcurrentUpdateException {
    Map<TableId, @Nullable Position> truncated = lockTables();
    requireNotTruncated(truncated);
    requireRevisions();
    for (TableTruncation truncation : update.truncations()) {
      truncate(truncation, truncated.get(truncation.table()));
    }
    List<DocumentWrite> writes =
        update.documents().stream()
            .sorted((left, right) -> left.state().id().compareTo(right.state().id()))
            .toList();
    var documents = new DocumentWriter(handle);
    documents.write(writes, contents);
    documents.writePasts(update.pasts());
    new SegmentWriter(handle).write(writes, contents);
    new WordWriter(handle).write(contents.values());
    new FailureRows(handle).heal(update);
  }

  /** A truncation excludes every writer of its table; other writers exclude only truncations. */
  private Map<TableId, @Nullable Position> lockTables() {
    Set<TableId> exclusive = new HashSet<>();
    update.truncations().forEach(truncation -> exclusive.add(truncation.table()));
    Set<TableId> tables = update.tables();
    addTables(handle, tables);
    var truncated = new HashMap<TableId, @Nullable Position>();
    for (TableId table : tables) {
      String lock = exclusive.contains(table) ? "FOR UPDATE" : "FOR SHARE";
      handle
          .createQuery("SELECT truncated_at FROM freshet_table WHERE table_name = :table " + lock)
          .bind("table", table.toString())
          .mapTo(String.class)
          .findOne()
          .ifPresent(position -> truncated.put(table, Position.parse(position)));
    }
    return truncated;
  }

  /** Gives each table the row by which its writers exclude one another. */
  static void addTables(Handle handle, Set<TableId> tables) {
    for (TableId table : tables) {
      handle
          .createUpdate(
              "INSERT INTO freshet_table (table_name) VALUES (:table) ON CONFLICT DO NOTHING")
          .bind("table", table.toString())
          .execute();
    }
  }

  private void requireNotTruncated(Map<TableId, @Nullable Position> stored)
      throws ConcurrentUpdateException {
    var truncated = new HashMap<>(stored);
    for (TableTruncation truncation : update.truncations()) {
      Position before = stored.get(truncation.table());
      if (before == null || truncation.position().supersedes(before)) {
        truncated.put(truncation.table(), truncation.position());
      }
    }
    for (StateWrite write : update.states()) {
      DocumentState state = write.state();
      Position position = truncated.get(state.id().table());
      if (position != null && !state.position().supersedes(position)) {
        throw new ConcurrentUpdateException(
            state.id().table() + " was truncated meanwhile, at " + position.sortKey());
      }
    }
  }

  private void requireRevisions() throws ConcurrentUpdateException {
    Map<String, Long> revisions = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT document_id, revision FROM freshet_document
            WHERE document_id = ANY(:ids) ORDER BY document_id FOR UPDATE
            """)
        .bindArray("ids", String.class, documentIds())
        .map((row, context) -> revisions.put(row.getString(1), row.getLong(2)))
        .list();
    for (StateWrite write : update.states()) {
      DocumentId id = write.state().id();
      if (revisions.getOrDefault(id.toString(), 0L) != write.expectedRevision()) {
        throw new ConcurrentUpdateException(id + " was changed meanwhile");
      }
    }
  }

  private List<String> documentIds() {
    return update.states().stream().map(write -> write.state().id().toString()).toList();
  }

  private void truncate(TableTruncation truncation, @Nullable Position newest) {
    if (newest != null && !truncation.position().supersedes(newest)) {
      return;
    }
    handle
        .createUpdate("UPDATE freshet_table SET truncated_at = :at WHERE table_name = :table")
        .bind("at", truncation.position().sortKey())
        .bind("table", truncation.table().toString())
        .execute();
    Set<String> written = Set.copyOf(documentIds());
    var superseded = new ArrayList<String>();
    try (var rows =
        handle
            .createQuery(
                "SELECT document_id, position FROM freshet_document WHERE table_name = :table")
            .bind("table", truncation.table().toString())
            .setFetchSize(CHUNK)
            .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
            .stream()) {
      // A document that this update writes anew may keep segments of its old version.
      rows.filter(row -> !written.contains(row.getKey()))
          .filter(row -> truncation.position().supersedes(Position.parse(row.getValue())))
          .forEach(row -> superseded.add(row.getKey()));
    }
    for (int start = 0; start < superseded.size(); start += CHUNK) {
      delete(superseded.subList(start, Math.min(start + CHUNK, superseded.size())));
    }
  }

  /** The segments go with their documents. */
  private void delete(List<String> ids) {
    handle
        .createUpdate("DELETE FROM freshet_document WHERE document_id = ANY(:ids)")
        .bindArray("ids", String.class, ids)
        .execute();
  }
}
