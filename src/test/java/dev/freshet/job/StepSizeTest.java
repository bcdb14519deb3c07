package dev.freshet.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepSizeTest {

  private final StepSize size = new StepSize(200);

  @Test
  void quickStepsGrowUntilTheMost() {
    for (int step = 0; step < 5; step++) {
      size.took(size.rows(), Duration.ofMillis(10));
    }

    assertThat(size.rows()).isEqualTo(200);
  }

  @Test
  void aSlowStepIsFollowedByOneThatFits() {
    size.took(50, Duration.ofSeconds(10));

    assertThat(size.rows()).isEqualTo(10);
  }

  @Test
  void aVerySlowStepIsFollowedByAFewRows() {
    size.took(50, Duration.ofMinutes(10));

    assertThat(size.rows()).isEqualTo(5);
  }

  @Test
  void aStepWithoutRowsTellsNothingSlow() {
    size.took(0, Duration.ZERO);

    assertThat(size.rows()).isPositive();
  }
}
