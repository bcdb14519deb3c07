package dev.freshet.search;

import dev.freshet.index.Hit;
import org.jspecify.annotations.Nullable;

/**
 * Why a search finds a document, or does not.
 *
 * @param reason one sentence for people, with the figures
 * @param rank where its best segment stands among all segments that the search looks at, from 1;
 *     null where it has no place
 * @param score its best segment's; null where there is none
 * @param lastScore the last hit's; null where there is no hit, or none was looked for
 * @param segment its best segment's place in the document, from 0
 */
public record Explanation(
    Verdict verdict,
    String reason,
    @Nullable Long rank,
    @Nullable Double score,
    @Nullable Double lastScore,
    @Nullable Integer segment) {

  /** An explanation without figures. */
  public static Explanation of(Verdict verdict, String reason) {
    return new Explanation(verdict, reason, null, null, null, null);
  }

  /**
   * An explanation of a document that has a segment to compare.
   *
   * @param best the document's best segment
   */
  public static Explanation of(
      Verdict verdict, String reason, Hit best, @Nullable Long rank, @Nullable Double lastScore) {
    return new Explanation(verdict, reason, rank, best.score(), lastScore, best.ordinal());
  }

  /** The explanation while a change of the document is being applied. */
  public Explanation whileOneIsReceived() {
    return verdict == Verdict.UNKNOWN
        ? of(Verdict.PENDING, "A change of the document was received and is being applied.")
        : this;
  }

  /** The document's state as {@code GET /documents} has it. */
  public String state() {
    return verdict.ofState() ? verdict.label() : "indexed";
  }
}
