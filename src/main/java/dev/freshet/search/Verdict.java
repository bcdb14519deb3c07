package dev.freshet.search;

import java.util.Locale;

/** Why a search finds a document, or does not. */
public enum Verdict {
  /** It is among the hits. */
  FOUND,
  /** No change of it was ever applied. */
  UNKNOWN,
  /** The mapping makes no document of its row. */
  IGNORED,
  /** Its newest change leaves out values that have not arrived yet. */
  PENDING,
  /** Its newest change was dead-lettered. */
  FAILED,
  DELETED,
  /** Its text is empty, so that it has no segment. */
  EMPTY,
  /** The search looks in another table. */
  OTHER_TABLE,
  /** The filter leaves it out. */
  FILTERED,
  /** Its score is lower than the one that was asked for. */
  BELOW_MIN_SCORE,
  /** No word of the query is in it. */
  NO_MATCH,
  /** It stands further down than hits were asked for. */
  BELOW_K,
  /** A comparison with every vector finds it, the approximate index does not. */
  MISSED_BY_INDEX;

  /** The word for it, as in {@code below-k}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the ledger decides it: the document, or its newest change, is not searchable. */
  boolean ofState() {
    return this == UNKNOWN
        || this == IGNORED
        || this == PENDING
        || this == FAILED
        || this == DELETED;
  }
}
