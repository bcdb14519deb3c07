package dev.freshet;

import java.util.Arrays;
import java.util.Locale;

/** Why a message can never be indexed as it is. */
public enum RejectionReason {
  /** The body is no form of change event that Freshet knows. */
  UNDECODABLE,
  /** Neither the event nor its routing key names the table. */
  MISSING_TABLE,
  /** A key column is missing or null, so the document has no id. */
  MISSING_KEY,
  /** The content template names a column that the row lacks. */
  MISSING_COLUMN,
  /** The event leaves out a large value that did not change, and no older value of it is known. */
  UNAVAILABLE_VALUE,
  /**
   * The event stands before what is indexed, and was yet committed after it: the source database
   * was restored or replaced, and its positions start again.
   */
  SOURCE_RESTARTED,
  /** One partition of a mapped table was truncated, and nobody knows which documents it had. */
  PARTITION_TRUNCATED,
  /** The event is of another source than the one that the index belongs to. */
  OTHER_SOURCE,
  /** The message, or the document made of it, is above its configured size. */
  TOO_LARGE,
  /** The sink refuses this document, whatever is tried. */
  REFUSED_BY_SINK,
  /** Freshet itself fails on this message; the log has the stack trace. */
  INTERNAL_ERROR,
  /** The broker put the message away: it was delivered more often than its queue allows. */
  DELIVERY_LIMIT,
  /** The broker put the message away: it waited for longer than its time to live. */
  EXPIRED,
  /** The broker put the message away: its queue was full. */
  MAX_LENGTH,
  /** Another consumer of the queue rejected the message. */
  REJECTED;

  /** The word that headers, logs and metrics use, such as {@code missing-key}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads a {@link #label}; one that only another version of Freshet knows is an internal error
   * here.
   */
  public static RejectionReason ofLabel(String label) {
    return Arrays.stream(values())
        .filter(reason -> reason.label().equals(label))
        .findFirst()
        .orElse(INTERNAL_ERROR);
  }
}
