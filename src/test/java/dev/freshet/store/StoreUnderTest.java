package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.document.DocumentId;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The store that a part of the contract looks at; empty at the start of each test. */
interface StoreUnderTest {

  /** What the tests ask for. */
  Embedding NORTH = Embedding.from(new float[] {1, 0, 0});

  DocumentId ONE = product(1);
  DocumentId TWO = product(2);

  /** The open store. */
  IndexStore store();

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

  default List<Hit> nearest(float... vector) {
    return store().findNearest(Embedding.from(vector), SearchScope.everything(100), false);
  }

  default void refused(StoreUpdate update) {
    assertThatExceptionOfType(ConcurrentUpdateException.class)
        .isThrownBy(() -> store().commit(update));
  }
}
