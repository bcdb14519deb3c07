package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "PT10S, 10 s",
    "PT0S, 0 s",
    "PT0.1S, 100 ms",
    "PT1.5S, 1500 ms",
    "PT-5S, -5 s",
    "PT90S, 90 s",
    "PT2M, 2 min",
    "PT36H, 36 h",
    "PT720H, 30 d"
  })
  void aDurationIsWrittenInItsLargestWholeUnit(Duration duration, String text) {
    assertThat(DurationText.of(duration)).isEqualTo(text);
  }
}
