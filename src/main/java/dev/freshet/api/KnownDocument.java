package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.StoredDocument;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the index knows of a document: a type for each state. */
sealed interface KnownDocument {

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
  static KnownDocument of(DocumentId id, LedgerView view, @Nullable SegmentIndex index) {
    StoredDocument stored = view.documents().get(id);
    Position truncation = view.truncations().get(id.table());
    if (stored == null
        || (truncation != null && !stored.state().position().supersedes(truncation))) {
      return truncation == null ? new Unknown(id) : new Truncated(id, truncation);
    }
    if (stored.state().deleted()) {
      return new Absent(stored, State.DELETED);
    }
    return stored.state().complete()
        ? Indexed.of(stored, index)
        : new Absent(stored, State.PENDING);
  }

  DocumentId id();

  State state();

  /** What the ledger has of it; empty where it has nothing. */
  default Optional<StoredDocument> applied() {
    return Optional.empty();
  }

  /** Of the newest change that was applied; empty where none was. */
  default Optional<Position> position() {
    return applied().map(stored -> stored.state().position());
  }

  /** No change of it was ever applied. */
  record Unknown(DocumentId id) implements KnownDocument {

    @Override
    public State state() {
      return State.UNKNOWN;
    }
  }

  /** The mapping makes no document of its row. */
  record Ignored(DocumentId id, String reason) implements KnownDocument {

    @Override
    public State state() {
      return State.IGNORED;
    }
  }

  /** Its whole table was truncated, and nothing newer of it came. */
  record Truncated(DocumentId id, Position truncation) implements KnownDocument {

    @Override
    public State state() {
      return State.DELETED;
    }

    @Override
    public Optional<Position> position() {
      return Optional.of(truncation);
    }
  }

  /** Its newest change made it unsearchable: it is gone, or lacks values. */
  record Absent(StoredDocument stored, State state) implements KnownDocument {

    @Override
    public DocumentId id() {
      return stored.state().id();
    }

    @Override
    public Optional<StoredDocument> applied() {
      return Optional.of(stored);
    }
  }

  /** It is searchable. */
  record Indexed(StoredDocument stored, int segments, @Nullable String model)
      implements KnownDocument {

    private static Indexed of(StoredDocument stored, @Nullable SegmentIndex index) {
      if (index == null) {
        return new Indexed(stored, 0, null);
      }
      DocumentId id = stored.state().id();
      int segments = index.segmentsOf(Set.of(id)).getOrDefault(id, List.of()).size();
      return new Indexed(stored, segments, index.space().model());
    }

    @Override
    public State state() {
      return State.INDEXED;
    }

    @Override
    public DocumentId id() {
      return stored.state().id();
    }

    @Override
    public Optional<StoredDocument> applied() {
      return Optional.of(stored);
    }
  }
}
