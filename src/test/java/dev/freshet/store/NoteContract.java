package dev.freshet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.ledger.NoteLedger;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a store remembers of the index as a whole. */
interface NoteContract extends LedgerUnderTest {

  String NAME = "test.note";

  private NoteLedger notes() {
    return ledger().notes();
  }

  @Test
  default void atFirstThereIsNoNote() {
    assertThat(notes().read(NAME)).isEmpty();
  }

  @Test
  default void aNoteComesBackAsItWasWritten() {
    notes().write(NAME, "line one\nzwei \u65b0");
    assertThat(notes().read(NAME)).contains("line one\nzwei \u65b0");
    notes().write(NAME, "");
    assertThat(notes().read(NAME)).contains("");
    assertThat(notes().read("test.other")).isEmpty();
  }

  @Test
  default void theFirstClaimStands() {
    assertThat(notes().claim(NAME, "first")).isEqualTo("first");
    assertThat(notes().claim(NAME, "second")).isEqualTo("first");
    assertThat(notes().read(NAME)).contains("first");
  }

  @Test
  default void aWrittenNoteTakesTheClaimsPlace() {
    notes().claim(NAME, "first");
    notes().write(NAME, "second");
    assertThat(notes().claim(NAME, "third")).isEqualTo("second");
  }

  @Test
  default void ofManyClaimsAtOnceOnePrevails() {
    var threads = Executors.newFixedThreadPool(6);
    try {
      List<CompletableFuture<String>> claims =
          IntStream.range(0, 6)
              .mapToObj(
                  number ->
                      CompletableFuture.supplyAsync(
                          () -> notes().claim(NAME, "claim " + number), threads))
              .toList();
      var answers = claims.stream().map(CompletableFuture::join).distinct().toList();
      assertThat(answers).hasSize(1);
      assertThat(notes().read(NAME)).contains(answers.get(0));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  default void aCommitOfDocumentsKeepsTheNotes() {
    notes().write(NAME, "kept");
    commit(StoreFixtures.writing(ONE, 1).segment("text", 1, 0, 0));
    assertThat(notes().read(NAME)).contains("kept");
  }
}
