package dev.freshet.document;

import dev.freshet.RejectedException;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What became of an event in the mapping. */
public sealed interface MappingResult {

  /** It changes the index. */
  record Mapped(DocumentChange change) implements MappingResult {}

  /**
   * It can never be indexed.
   *
   * @param document the document that it is about; null where that cannot be read
   * @param origin where its event comes from; null where it is of no row and no table
   */
  record Refused(RejectedException cause, @Nullable DocumentId document, @Nullable Origin origin)
      implements MappingResult {}

  /**
   * It does not affect the index.
   *
   * @param table the table whose rows are no documents; null where the event is of no table
   */
  record Ignored(Reason reason, @Nullable TableId table) implements MappingResult {

    Ignored(Reason reason) {
      this(reason, null);
    }

    /** Why an event does not affect the index. */
    public enum Reason {
      /** Mappings are configured, and none is of the table. */
      UNMAPPED_TABLE,
      /** No mapping is configured, and the row lacks the default mapping's columns. */
      LACKS_COLUMNS,
      MARKER,
      /** A marker that comes again and again while the capture lives. */
      HEARTBEAT,
      TOMBSTONE,
      UNKNOWN_OPERATION;

      /** The word in metrics, where a heartbeat is a marker like others. */
      public String label() {
        Reason told = this == HEARTBEAT ? MARKER : this;
        return told.name().toLowerCase(Locale.ROOT).replace('_', '-');
      }
    }
  }
}
