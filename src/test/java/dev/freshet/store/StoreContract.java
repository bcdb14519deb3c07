package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.ledger.Watermark;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Store} must do. */
public abstract class StoreContract
    implements StateContract,
        ReplacementContract,
        TruncationContract,
        FailureContract,
        WatermarkContract,
        NoteContract,
        DeadLetterContract,
        CoverageContract,
        RenderingContract,
        SearchContract,
        RankContract,
        WordContract,
        MetadataContract,
        MetadataFilterContract,
        ConcurrencyContract {

  protected static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);

  private Store store;

  /** Opens the test's own store; a second call after closing finds what the first left. */
  protected abstract Store open(EmbeddingSpace space);

  /** Opens the test's own store before it; it is empty. */
  protected Store openEmpty() throws Exception {
    return open(SPACE);
  }

  @BeforeEach
  void openStore() throws Exception {
    store = openEmpty();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Override
  public Store store() {
    return store;
  }

  @Test
  void stateSurvivesClosingAndOpening() throws Exception {
    store.commit(truncation(ARTICLES, at(3), writing(ONE, 1).segment("text", 1, 0, 0)));
    var watermark = new Watermark(new CommitPosition(0, new Lsn(9)), StoreFixtures.NOW);
    ledger().watermarks().raise(watermark);
    ledger().notes().write(NAME, "kept");
    ledger().deadLetters().append("kept");
    store.close();
    store = open(SPACE);
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(1));
    assertThat(nearest(1, 0, 0)).hasSize(1);
    assertThat(ledger().read(Set.of(), Set.of(ARTICLES)).truncations()).containsValue(at(3));
    assertThat(ledger().notes().read(NAME)).contains("kept");
    assertThat(ledger().deadLetters().count()).isEqualTo(1);
    assertThat(ledger().watermarks().watermark(0)).contains(watermark);
  }

  @Test
  void anotherModelIsRefusedByName() throws Exception {
    store.commit(update(writing(ONE, 1).segment("text", 1, 0, 0)));
    store.close();
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(
            () -> {
              store = open(new EmbeddingSpace("other-model", 3));
              ledger().read(Set.of(ONE), Set.of());
            })
        .withMessageContaining("test-model")
        .withMessageContaining("other-model");
  }
}
