package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.store.DocumentFailure;
import dev.freshet.store.EmbeddingSpace;
import dev.freshet.store.StoreView;
import dev.freshet.store.StoredDocument;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the index knows of a document. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DocumentStatus(
    @Schema(description = "`schema.table/key`", example = "public.products/42") String documentId,
    @Schema(example = "public.products") String table,
    @Schema(example = "42") String key,
    State state,
    @Schema(
            description =
                "Where the newest change applied stands among the changes of its row: a text that"
                    + " sorts as they do.")
        @Nullable String position,
    @Schema(description = "That change's LSN.", example = "0/16B3748") @Nullable String lsn,
    @Schema(description = "That change's transaction (`pg_current_xact_id()`).")
        @Nullable Long txId,
    @Schema(description = "When it was committed.") @Nullable Instant committedAt,
    @Schema(description = "When Debezium captured it.") @Nullable Instant capturedAt,
    @Schema(description = "When Freshet received it.") @Nullable Instant receivedAt,
    @Schema(
            description =
                "When the embedding of its segments was finished or, where each kept its vector,"
                    + " when that was decided. Null where no vectors are made here, and for what was"
                    + " indexed before this was remembered.")
        @Nullable Instant embeddedAt,
    @Schema(
            description =
                "How many segments of the version that is searchable were embedded for it; the others"
                    + " kept their vectors.")
        @Nullable Integer embedded,
    @Schema(description = "When it became visible to searches.") @Nullable Instant indexedAt,
    @Schema(description = "How many segments the document has.") int segments,
    @Schema(description = "SHA-256 of the text, in hexadecimal.") @Nullable String contentHash,
    @Schema(description = "The embedding model of its vectors.", example = "all-minilm-l6-v2")
        @Nullable String model,
    @Schema(description = "Why the newest change is not indexed; null while it is.")
        @Nullable DocumentFailureStatus failure,
    @Schema(description = "The columns whose values are not known yet, of a `pending` document.")
        Set<String> waitsFor,
    @Schema(
            description =
                "Why the row becomes no document, and what helps, of an `ignored` one; else null.")
        @Nullable String reason) {

  /** What can be known of a document. */
  @Schema(
      name = "DocumentState",
      description =
          "`indexed`: searchable. `pending`: the newest change leaves out values that did not"
              + " change, and the change that has them has not arrived yet. `failed`: the newest"
              + " change was dead-lettered. `deleted`: gone, or its whole table was truncated; so then is"
              + " each document of that table of which nothing newer came. `ignored`: the mapping"
              + " makes no document of its row. `unknown`: no change of it was ever applied.")
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
   * @param space null where no vectors are made here
   */
  static DocumentStatus of(DocumentId id, StoreView view, @Nullable EmbeddingSpace space) {
    StoredDocument stored = view.documents().get(id);
    Position truncated = view.truncations().get(id.table());
    if (stored != null && (truncated == null || stored.state().position().supersedes(truncated))) {
      return stored.state().deleted()
          ? deleted(stored)
          : stored.state().complete() ? indexed(stored, space) : pending(stored);
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

  private static DocumentStatus indexed(StoredDocument stored, @Nullable EmbeddingSpace space) {
    String model = space == null ? null : space.model();
    return of(stored, State.INDEXED, stored.contentHash(), model);
  }

  private static DocumentStatus pending(StoredDocument stored) {
    return of(stored, State.PENDING, null, null);
  }

  private static DocumentStatus deleted(StoredDocument stored) {
    return of(stored, State.DELETED, null, null);
  }

  private static DocumentStatus of(
      StoredDocument stored, State state, @Nullable String contentHash, @Nullable String model) {
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
        stored.segments().size(),
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
