package dev.freshet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.ledger.DeadLetterLedger;
import dev.freshet.ledger.DeadLetterLedger.KeptLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a store keeps dead letters. */
interface DeadLetterContract extends LedgerUnderTest {

  private DeadLetterLedger letters() {
    return ledger().deadLetters();
  }

  private List<String> all() {
    var all = new ArrayList<String>();
    Optional<KeptLetter> next = letters().firstAfter(0);
    while (next.isPresent()) {
      all.add(next.get().letter());
      next = letters().firstAfter(next.get().place());
    }
    return all;
  }

  @Test
  default void atFirstNoDeadLetterIsKept() {
    assertThat(letters().firstAfter(0)).isEmpty();
    assertThat(letters().count()).isZero();
  }

  @Test
  default void deadLettersComeInTheirOrder() {
    letters().append("one \u65b0");
    letters().append("two".repeat(100_000));
    letters().append("three");
    assertThat(all()).containsExactly("one \u65b0", "two".repeat(100_000), "three");
    assertThat(letters().count()).isEqualTo(3);
  }

  @Test
  default void aDeadLetterIsRemovedOnce() {
    letters().append("one");
    letters().append("two");
    long place = letters().firstAfter(0).orElseThrow().place();
    assertThat(letters().remove(place)).isTrue();
    assertThat(letters().remove(place)).isFalse();
    assertThat(all()).containsExactly("two");
    assertThat(letters().count()).isEqualTo(1);
  }

  @Test
  default void aReplacedDeadLetterStandsAtTheEndOnce() {
    letters().append("one");
    letters().append("two");
    long place = letters().firstAfter(0).orElseThrow().place();
    assertThat(letters().replace(place, "one again")).isTrue();
    assertThat(letters().replace(place, "one more")).isFalse();
    assertThat(all()).containsExactly("two", "one again");
  }

  @Test
  default void aPlaceIsNotGivenTwice() {
    letters().append("one");
    long place = letters().firstAfter(0).orElseThrow().place();
    letters().remove(place);
    letters().append("two");
    assertThat(letters().firstAfter(place)).map(KeptLetter::letter).contains("two");
  }

  @Test
  default void aCommitOfDocumentsKeepsTheDeadLetters() {
    letters().append("kept");
    commit(StoreFixtures.writing(ONE, 1).segment("text", 1, 0, 0));
    assertThat(all()).containsExactly("kept");
  }
}
