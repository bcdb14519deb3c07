package dev.freshet.sink.http;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.NewestWins;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.TableTruncation;
import dev.freshet.sink.NextVersion;
import dev.freshet.sink.Reconciliation;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the service has confirmed, in the ledger. */
final class SentDocuments {

  private static final int LEDGER_PAGE = 1000;

  private final DocumentLedger ledger;

  SentDocuments(DocumentLedger ledger) {
    this.ledger = ledger;
  }

  /**
   * The tombstones of the documents that the batch's truncations delete. They stand in the ledger
   * only until the truncation itself does.
   */
  List<DocumentWrite> tombstones(
      List<DocumentChange> changes, Reconciliation reconciliation, LedgerView stored, Instant now) {
    var tombstones = new TreeMap<DocumentId, DocumentWrite>();
    for (TableTruncation truncation : reconciliation.truncations()) {
      Origin origin = origin(changes, truncation);
      reconciliation.undone().stream()
          .filter(id -> id.table().equals(truncation.table()))
          .forEach(id -> tombstones.put(id, tombstone(id, revision(stored, id), origin, now)));
      superseded(truncation)
          .forEach(one -> tombstones.put(one.state().id(), tombstone(one, origin, now)));
    }
    return List.copyOf(tombstones.values());
  }

  private static Origin origin(List<DocumentChange> changes, TableTruncation truncation) {
    return changes.stream()
        .filter(change -> change instanceof Truncate && change.table().equals(truncation.table()))
        .map(DocumentChange::origin)
        .filter(origin -> origin.position().equals(truncation.position()))
        .findFirst()
        .orElseThrow();
  }

  private Stream<StoredDocument> superseded(TableTruncation truncation) {
    List<DocumentId> all = ledger.documentsOf(truncation.table());
    return IntStream.iterate(0, from -> from < all.size(), from -> from + LEDGER_PAGE)
        .mapToObj(from -> all.subList(from, Math.min(from + LEDGER_PAGE, all.size())))
        .flatMap(page -> ledger.read(Set.copyOf(page), Set.of()).documents().values().stream())
        .filter(one -> NewestWins.unlessTruncated(one.state(), truncation.position()) == null);
  }

  /**
   * Remembers a batch. The note is written first: no document is remembered without its table.
   *
   * @param before the note as the ledger has it
   */
  void commit(LedgerUpdate update, ServiceNote note, ServiceNote before) {
    if (!note.equals(before)) {
      note.write(ledger.notes());
    }
    try {
      if (!update.isEmpty()) {
        ledger.commit(update);
      }
    } catch (ConcurrentUpdateException e) {
      throw new UnavailableException("another process writes to the ledger of this sink", e);
    }
  }

  /**
   * Remembers a part of a batch that is applied again. A truncation is never part of it: it is
   * complete only once all of the table's documents are deleted.
   */
  void commitPart(List<DocumentWrite> writes, ServiceNote note, ServiceNote before) {
    if (!writes.isEmpty()) {
      commit(LedgerUpdate.of(writes), note, before);
    }
  }

  static DocumentWrite write(NextVersion version, Instant now) {
    return write(
        version.state(),
        version.storedRevision(),
        version.contentHash(),
        version.metadataHash(),
        version.renderedBy(Renderings.UNSPLIT),
        now);
  }

  private static DocumentWrite tombstone(StoredDocument stored, Origin truncation, Instant now) {
    return tombstone(stored.state().id(), stored.revision(), truncation, now);
  }

  private static DocumentWrite tombstone(
      DocumentId id, long revision, Origin truncation, Instant now) {
    return write(DocumentState.deleted(id, truncation), revision, "", "", Rendering.UNKNOWN, now);
  }

  private static long revision(LedgerView stored, DocumentId id) {
    StoredDocument before = stored.documents().get(id);
    return before == null ? 0 : before.revision();
  }

  private static DocumentWrite write(
      DocumentState state,
      long revision,
      String contentHash,
      String metadataHash,
      Rendering renderedBy,
      Instant now) {
    return new DocumentWrite(
        state, revision, contentHash, metadataHash, renderedBy, now, null, null);
  }
}
