package dev.freshet.sink;

import dev.freshet.RejectionReason;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of a change. */
public sealed interface Outcome {

  /**
   * The document's new version is searchable.
   *
   * @param segments how many segments it has
   * @param embedded how many of them were embedded for it; the others kept their vectors
   * @param embeddedAt when their embedding was finished, or, where each kept its vector, when that
   *     was decided; null where no vectors are made
   */
  record Indexed(int segments, int embedded, @Nullable Instant embeddedAt) implements Outcome {

    @Override
    public String label() {
      return "indexed";
    }
  }

  /** The change is newer, but the document's text and metadata are what they were. */
  record Unchanged() implements Outcome {

    @Override
    public String label() {
      return "unchanged";
    }
  }

  /** The change is not newer than what is indexed: nothing changed. */
  record Stale() implements Outcome {

    @Override
    public String label() {
      return "stale";
    }
  }

  /** The document, or every document of the table, is gone. */
  record Deleted() implements Outcome {

    @Override
    public String label() {
      return "deleted";
    }
  }

  /**
   * The change is newest, and leaves out values that nobody knows yet: what is known is remembered,
   * and the document is not searchable until they arrive.
   */
  record Incomplete(Set<String> columns) implements Outcome {

    @Override
    public String label() {
      return "incomplete";
    }

    /** What becomes of the change when nobody waits for the values any more. */
    public Rejected rejected() {
      return new Rejected(
          RejectionReason.UNAVAILABLE_VALUE,
          "the event leaves out the unchanged large values of "
              + columns
              + " and no older ones are known; take a snapshot of the row, which brings them, and"
              + " set the table's replica identity to full so that it does not happen again");
    }
  }

  /**
   * The change is of a large document, which is indexed beside the others: nothing is decided yet.
   * Whoever gets this applies the change again, until it has another outcome.
   */
  record Deferred() implements Outcome {

    @Override
    public String label() {
      return "deferred";
    }
  }

  /**
   * The document was to be made again, and the ledger has not all of its columns: it stays as it
   * is, until its row is written or read again.
   *
   * @param columns those that the mapping names and the ledger lacks; empty where the mapping now
   *     takes every column, and the former one did not
   */
  record Lacking(Set<String> columns) implements Outcome {

    @Override
    public String label() {
      return "lacking";
    }
  }

  /**
   * The change can never be applied; the others of its batch are not affected.
   *
   * @param detail what is wrong and how to mend it; never holds a column's value
   */
  record Rejected(RejectionReason reason, String detail) implements Outcome {

    @Override
    public String label() {
      return "rejected";
    }
  }

  /** The word that metrics and logs use. */
  String label();
}
