package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.document.DocumentId;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import java.util.Optional;
import java.util.Set;

/** The ledger that a part of the contract looks at; empty at the start of each test. */
interface LedgerUnderTest {

  DocumentId ONE = product(1);
  DocumentId TWO = product(2);

  /** That of the open store. */
  DocumentLedger ledger();

  default Optional<StoredDocument> stored(DocumentId id) {
    return Optional.ofNullable(ledger().read(Set.of(id), Set.of()).documents().get(id));
  }

  /** Commits; a ledger alone leaves out what searches find. */
  default void write(StoreUpdate update) throws ConcurrentUpdateException {
    ledger().commit(update.ledger());
  }

  /** Commits where no other writer interferes. */
  default void commit(StoreFixtures.Writing... writings) {
    commit(update(writings));
  }

  default void commit(StoreUpdate update) {
    try {
      write(update);
    } catch (ConcurrentUpdateException e) {
      throw new AssertionError("nobody else writes", e);
    }
  }

  default void refused(StoreUpdate update) {
    assertThatExceptionOfType(ConcurrentUpdateException.class).isThrownBy(() -> write(update));
  }
}
