package dev.freshet.job.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.Lsn;
import dev.freshet.job.Progress;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a check proves that the index equals the table. */
class DriftResultTest {

  private static final Instant BEGUN = Instant.parse("2026-11-28T10:00:00Z");
  private static final Instant ENDED = BEGUN.plusSeconds(60);

  private static DriftResult result(Map<String, Integer> counts) {
    Findings findings = Findings.begin(Progress.START, new Lsn(1), BEGUN);
    counts.forEach(findings::count);
    return DriftResult.of("public.products", findings.at(null, 0, 0), ENDED);
  }

  @Test
  void whereNothingDiffersItIsProvedUpToTheBeginning() {
    assertThat(result(Map.of()).verifiedThrough()).isEqualTo(BEGUN);
  }

  @Test
  void whatIsRepairedIsProved() {
    assertThat(result(Map.of("missing", 2, "orphaned", 1, "repaired", 3)).verifiedThrough())
        .isEqualTo(BEGUN);
    assertThat(result(Map.of("missing", 2, "repaired", 1)).verifiedThrough()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"missing", "orphaned", "different", "otherColumns", "undecided", "failed"})
  void anythingElseIsNoProof(String count) {
    assertThat(result(Map.of(count, 1)).verifiedThrough()).isNull();
  }
}
