package dev.freshet.ledger;

import java.util.Optional;

/**
 * Keeps dead letters for a feed that has no place for them, as texts in the order of their places.
 * Failures of the infrastructure are those of {@link DocumentLedger}.
 */
public interface DeadLetterLedger {

  /** Keeps a letter behind all others. */
  void append(String letter);

  /** The first letter behind a place; every place is above zero. */
  Optional<KeptLetter> firstAfter(long place);

  /**
   * Removes a letter.
   *
   * @return whether it was there
   */
  boolean remove(long place);

  /**
   * Removes a letter and keeps another text behind all others, both or neither; nothing where the
   * letter is gone.
   *
   * @return whether it was there
   */
  boolean replace(long place, String letter);

  /** How many are kept. */
  long count();

  /**
   * A letter and where it stands.
   *
   * @param place a letter that was kept later has a higher one
   */
  record KeptLetter(long place, String letter) {}
}
