package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.document.DocumentId;
import java.util.Optional;
import java.util.Set;

/** The ledger that a part of the contract looks at; empty at the start of each test. */
interface LedgerUnderTest {

  DocumentId ONE = product(1);
  DocumentId TWO = product(2);

  /** The open store. */
  DocumentLedger store();

  default Optional<StoredDocument> stored(DocumentId id) {
    return Optional.ofNullable(store().read(Set.of(id), Set.of()).documents().get(id));
  }

  /** Commits where no other writer interferes. */
  default void commit(StoreFixtures.Writing... writings) {
    commit(update(writings));
  }

  default void commit(StoreUpdate update) {
    try {
      store().commit(update);
    } catch (ConcurrentUpdateException e) {
      throw new AssertionError("nobody else writes", e);
    }
  }

  default void refused(StoreUpdate update) {
    assertThatExceptionOfType(ConcurrentUpdateException.class)
        .isThrownBy(() -> store().commit(update));
  }
}
