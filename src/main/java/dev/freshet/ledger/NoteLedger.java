package dev.freshet.ledger;

import java.util.Optional;

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
}
