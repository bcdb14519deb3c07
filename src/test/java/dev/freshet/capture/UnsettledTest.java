package dev.freshet.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnsettledTest {

  private final Unsettled<String> unsettled = new Unsettled<>();

  @Test
  void nothingIsDoneBeforeTheFirstRecordIsSettled() {
    unsettled.add("a", 1L);
    unsettled.add("b", 2L).settle();
    unsettled.add("c", 3L);

    assertThat(unsettled.advance()).isEmpty();
  }

  @Test
  void whatStandsBeforeTheFirstUnsettledRecordIsDoneOnce() {
    var first = unsettled.add("a", 1L);
    unsettled.add("b", 2L).settle();
    var third = unsettled.add("c", 3L);
    first.settle();

    assertThat(unsettled.advance()).contains("b");
    assertThat(unsettled.advance()).isEmpty();

    third.settle();
    assertThat(unsettled.advance()).isEmpty();
    unsettled.add("d", 4L);
    assertThat(unsettled.advance()).contains("c");
  }

  /** As the delete and the create of a changed key. */
  @Test
  void recordsOfOneLsnAreDoneTogether() {
    unsettled.add("before", 1L).settle();
    unsettled.add("delete", 2L).settle();
    assertThat(unsettled.advance()).contains("before");

    var create = unsettled.add("create", 2L);
    assertThat(unsettled.advance()).isEmpty();
    create.settle();
    assertThat(unsettled.advance()).isEmpty();

    unsettled.add("after", 3L);
    assertThat(unsettled.advance()).contains("create");
  }

  @Test
  void whatIsSettledBehindAnOpenRecordTakesLittleRoom() {
    var open = unsettled.add("open", 0L);
    for (long lsn = 1; lsn <= 100_000; lsn++) {
      unsettled.add("row " + lsn, lsn).settle();
    }
    unsettled.add("delete", 100_001L).settle();
    unsettled.add("create", 100_001L).settle();
    assertThat(unsettled.size()).isLessThan(25_000);
    assertThat(unsettled.advance()).isEmpty();

    open.settle();
    assertThat(unsettled.advance()).contains("row 100000");
    unsettled.add("after", 100_002L);
    assertThat(unsettled.advance()).contains("create");
  }
}
