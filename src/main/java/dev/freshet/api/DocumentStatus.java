package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the index knows of a document. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DocumentStatus(
    String documentId,
    String table,
    String key,
    State state,
    @Nullable String position,
    @Nullable String lsn,
    @Nullable Long txId,
    @Nullable Instant committedAt,
    @Nullable Instant capturedAt,
    @Nullable Instant receivedAt,
    @Nullable Instant embeddedAt,
    @Nullable Integer embedded,
    @Nullable Instant indexedAt,
    int segments,
    @Nullable String contentHash,
    @Nullable String model,
    @Nullable DocumentFailureStatus failure,
    Set<String> waitsFor,
    @Nullable String reason) {

  /** What can be known of a document. */
  enum State {
    @JsonProperty("indexed")
    INDEXED,
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("deleted")
    DELETED,
    @JsonProperty("unknown")
    UNKNOWN,
    @JsonProperty("ignored")
    IGNORED,
    @JsonProperty("failed")
    FAILED
  }

  /**
   * @param view has what is stored of the document and its table
   * @param index null where no segments are kept here
   */
  static DocumentStatus of(DocumentId id, LedgerView view, @Nullable SegmentIndex index) {
    StoredDocument stored = view.documents().get(id);
    Position truncated = view.truncations().get(id.table());
    if (stored != null && (truncated == null || stored.state().position().supersedes(truncated))) {
      return stored.state().deleted()
          ? deleted(stored)
          : stored.state().complete() ? indexed(stored, index) : pending(stored);
    }
    return truncated == null
        ? withoutOrigin(id, State.UNKNOWN, null, null)
        : withoutOrigin(id, State.DELETED, truncated, null);
  }

  /** The same document, whose newest change failed. */
  DocumentStatus failed(DocumentFailure cause) {
    boolean searchable = state == State.INDEXED;
    return new DocumentStatus(
        documentId,
        table,
        key,
        State.FAILED,
        position,
        lsn,
        txId,
        committedAt,
        capturedAt,
        receivedAt,
        embeddedAt,
        embedded,
        indexedAt,
        segments,
        contentHash,
        model,
        DocumentFailureStatus.of(cause, searchable),
        waitsFor,
        null);
  }

  /** The same document, where nothing is known of it because its row is ignored. */
  DocumentStatus ignored(DocumentId id, String why) {
    return state == State.UNKNOWN ? withoutOrigin(id, State.IGNORED, null, why) : this;
  }

  private static DocumentStatus indexed(StoredDocument stored, @Nullable SegmentIndex index) {
    DocumentId id = stored.state().id();
    int segments =
        index == null ? 0 : index.segmentsOf(Set.of(id)).getOrDefault(id, List.of()).size();
    String model = index == null ? null : index.space().model();
    return of(stored, State.INDEXED, segments, stored.contentHash(), model);
  }

  private static DocumentStatus pending(StoredDocument stored) {
    return of(stored, State.PENDING, 0, null, null);
  }

  private static DocumentStatus deleted(StoredDocument stored) {
    return of(stored, State.DELETED, 0, null, null);
  }

  private static DocumentStatus of(
      StoredDocument stored,
      State state,
      int segments,
      @Nullable String contentHash,
      @Nullable String model) {
    DocumentId id = stored.state().id();
    Origin origin = stored.state().origin();
    return new DocumentStatus(
        id.toString(),
        id.table().toString(),
        id.joinedKey(),
        state,
        origin.position().sortKey(),
        lsn(origin.position()),
        origin.txId(),
        origin.committedAt(),
        origin.capturedAt(),
        origin.receivedAt(),
        stored.embeddedAt(),
        stored.embedded(),
        stored.indexedAt(),
        segments,
        contentHash,
        model,
        null,
        stored.state().missing(),
        null);
  }

  private static DocumentStatus withoutOrigin(
      DocumentId id, State state, @Nullable Position position, @Nullable String reason) {
    return new DocumentStatus(
        id.toString(),
        id.table().toString(),
        id.joinedKey(),
        state,
        Optional.ofNullable(position).map(Position::sortKey).orElse(null),
        Optional.ofNullable(position).map(DocumentStatus::lsn).orElse(null),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        null,
        null,
        Set.of(),
        reason);
  }

  static @Nullable String lsn(Position position) {
    return position instanceof WalPosition wal ? wal.lsn().toString() : null;
  }
}
