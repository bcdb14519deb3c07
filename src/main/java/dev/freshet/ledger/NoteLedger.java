package dev.freshet.ledger;

import java.util.Optional;
import java.util.SortedMap;

/**
 * Remembers short texts by name: what an index as a whole has to know across restarts. A name is a
 * constant of the feature that owns the note, such as {@code source.owner}. Failures of the
 * infrastructure are those of {@link DocumentLedger}.
 */
public interface NoteLedger {

  /** The text under this name; empty when none was written. */
  Optional<String> read(String name);

  /** Writes the text, whatever stands under the name. */
  void write(String name, String text);

  /**
   * Writes the text unless another one stands under the name. Of several instances that claim at
   * once exactly one prevails.
   *
   * @return what stands under the name now
   */
  String claim(String name, String text);

  /**
   * Writes the text over the one that was expected, and nothing else. Of several instances that
   * replace the same text at once exactly one prevails.
   *
   * @return whether it was written
   */
  boolean replace(String name, String expected, String text);

  /** Removes what stands under the name, if anything does. */
  void remove(String name);

  /** All notes whose names begin so, by name, in the order of the names' characters. */
  SortedMap<String, String> startingWith(String prefix);
}
