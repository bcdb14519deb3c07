package dev.freshet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

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
  default void aNoteIsReplacedOnlyWhereItIsTheExpectedOne() {
    assertThat(notes().replace(NAME, "first", "second")).isFalse();
    assertThat(notes().read(NAME)).isEmpty();
    notes().write(NAME, "first");
    assertThat(notes().replace(NAME, "first", "second")).isTrue();
    assertThat(notes().replace(NAME, "first", "third")).isFalse();
    assertThat(notes().read(NAME)).contains("second");
  }

  @Test
  default void ofManyReplacementsAtOnceOnePrevails() {
    notes().write(NAME, "first");
    var threads = Executors.newFixedThreadPool(6);
    try {
      List<CompletableFuture<Boolean>> replacements =
          IntStream.range(0, 6)
              .mapToObj(
                  number ->
                      CompletableFuture.supplyAsync(
                          () -> notes().replace(NAME, "first", "next " + number), threads))
              .toList();
      assertThat(replacements.stream().map(CompletableFuture::join)).containsOnlyOnce(true);
      assertThat(notes().read(NAME).orElseThrow()).startsWith("next ");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  default void aRemovedNoteIsNotThere() {
    notes().remove(NAME);
    notes().write(NAME, "text");
    notes().remove(NAME);
    assertThat(notes().read(NAME)).isEmpty();
    assertThat(notes().claim(NAME, "again")).isEqualTo("again");
  }

  @Test
  default void notesAreFoundByTheBeginningsOfTheirNames() {
    notes().write("test.b_1", "two");
    notes().write("test.a%", "one");
    notes().write("test.bx1", "three");
    notes().write("tests", "four");
    assertThat(notes().startingWith("test."))
        .containsExactly(
            entry("test.a%", "one"), entry("test.b_1", "two"), entry("test.bx1", "three"));
    assertThat(notes().startingWith("test.b_")).containsExactly(entry("test.b_1", "two"));
    assertThat(notes().startingWith("none.")).isEmpty();
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
