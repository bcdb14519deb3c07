package dev.freshet.store.lucene;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.Fingerprint;
import org.apache.lucene.index.Term;

/** The fields by which Lucene documents are found, and the terms in them. */
final class Terms {

  /** A document's id, on its state only. */
  static final String STATE = "state";

  /** A document's id, on its state and its segments. */
  static final String DOCUMENT = "document";

  /** The table, on all states. */
  static final String STATE_TABLE = "stateTable";

  /** The table, on the states of documents that are not deleted. */
  static final String LIVE_TABLE = "liveTable";

  /** The table and what has made the document, on the states of documents that say so. */
  static final String RENDERED = "rendered";

  /** The table, on the same states. */
  static final String TOLD_TABLE = "toldTable";

  /** A segment's id. */
  static final String SEGMENT = "segment";

  /** The table, on segments. */
  static final String SEGMENT_TABLE = "segmentTable";

  /** The table, on truncations. */
  static final String TRUNCATED_TABLE = "truncatedTable";

  /** A document's id, on its failure. */
  static final String FAILURE = "failure";

  /** The table, on failures. */
  static final String FAILURE_TABLE = "failureTable";

  /** The place, on dead letters. */
  static final String DEAD_LETTER = "deadLetter";

  /** Lucene refuses a whole update for one term of more than 32766 bytes. */
  private static final int LONGEST = 8_000;

  private Terms() {}

  static Term term(String field, Object value) {
    return new Term(field, bounded(value.toString()));
  }

  /** What the terms of the table's renderings begin with. */
  static String ofTable(TableId table) {
    return bounded(table.toString()) + '\0';
  }

  static Term rendered(TableId table, String renderedBy) {
    return new Term(RENDERED, ofTable(table) + renderedBy);
  }

  /** What {@link #bounded} begins with, of this text and of those that begin with it. */
  static String begin(Object value) {
    String text = value.toString();
    return text.substring(0, Math.min(text.length(), LONGEST));
  }

  /**
   * The text itself or, of a long one, its beginning and its hash: equal for equal texts only, and
   * in the texts' order but for those that share the beginning.
   */
  static String bounded(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST) + '\0' + Fingerprint.of(text);
  }
}
