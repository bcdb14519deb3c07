package dev.freshet.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {

  @ParameterizedTest
  @CsvSource({
    "2024-05-01T10:00:00.000000Z, 2024-05-01T12:00:00+02:00",
    "2024-05-01T10:00, 2024-05-01 10:00:00.000",
    "2024-05-01T10:00Z, 2024-05-01 12:00+02",
    "2024-05-01T10:00Z, 2024-05-01 15:30:00+0530",
    "2024-05-01, 2024-05-01T00:00:00",
    "2024-05-01T24:00:00, 2024-05-02",
    "-0044-03-15, -0044-03-15T00:00",
    "10:00, 10:00:00.000000",
    "10:00:00+02:00, 08:00:00Z"
  })
  void twoFormsOfOneTimeAreEqual(String one, String other) {
    assertThat(Moment.of(one)).isPresent();
    assertThat(Moment.of(one).orElseThrow().seconds())
        .isEqualByComparingTo(Moment.of(other).orElseThrow().seconds());
    assertThat(Moment.of(one).orElseThrow().ofDay())
        .isEqualTo(Moment.of(other).orElseThrow().ofDay());
  }

  @ParameterizedTest
  @CsvSource({
    "-infinity, -99999-01-01",
    "+99999-12-31, infinity",
    "2024-05-01T09:59:59.999999999Z, 2024-05-01T10:00:00Z",
    "2024-04-30T23:59:59, 2024-05-01",
    "09:59:59.999999, 10:00"
  })
  void anEarlierTimeIsLess(String earlier, String later) {
    assertThat(Moment.of(earlier).orElseThrow().seconds())
        .isLessThan(Moment.of(later).orElseThrow().seconds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "2024",
        "2024-05",
        "2024-13-01",
        "2024-02-31",
        "12024-01-01",
        "2024-05-01T25:00",
        "2024-05-01T10",
        "2024-05-01T10:00:00+25:00",
        "10:00:61",
        "10",
        "1:00",
        "2024-05-01 x",
        "999999999999-01-01",
        "Infinity"
      })
  void aTextThatIsNoTimeIsNone(String text) {
    assertThat(Moment.of(text)).isEmpty();
  }
}
