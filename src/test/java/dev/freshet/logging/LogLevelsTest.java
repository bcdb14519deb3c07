package dev.freshet.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.freshet.logging.LogLevels.LoggerLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelsTest {

  private final LoggerContext context = new LoggerContext();
  private final LogLevels levels = new LogLevels(context);

  /** As LOG_LEVEL=WARN has it. */
  @BeforeEach
  void configure() {
    context.getLogger("ROOT").setLevel(Level.INFO);
    context.getLogger("dev.freshet").setLevel(Level.WARN);
  }

  @Test
  void aLevelHoldsForTheLoggersBelowUntilItIsReset() {
    var below = context.getLogger("dev.freshet.sink.local.LocalIndexSink");

    assertThat(levels.set("dev.freshet", "DEBUG"))
        .isEqualTo(new LoggerLevel("dev.freshet", "DEBUG", true));
    assertThat(below.isDebugEnabled()).isTrue();
    levels.set("dev.freshet", "TRACE");
    assertThat(levels.own())
        .containsExactly(
            new LoggerLevel("ROOT", "INFO", false), new LoggerLevel("dev.freshet", "TRACE", true));

    assertThat(levels.reset("dev.freshet"))
        .isEqualTo(new LoggerLevel("dev.freshet", "WARN", false));
    assertThat(below.isInfoEnabled()).isFalse();
    assertThat(levels.reset("dev.freshet").level()).isEqualTo("WARN");
  }

  @Test
  void aLoggerWithoutALevelOfItsOwnHasNoneAgainAfterAReset() {
    levels.set("dev.freshet.sink", "DEBUG");
    levels.reset("dev.freshet.sink");
    levels.set("dev.freshet", "ERROR");

    assertThat(context.getLogger("dev.freshet.sink").getEffectiveLevel()).isEqualTo(Level.ERROR);
    assertThat(levels.own()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ROOT",
        "dev",
        "dev.freshet",
        "dev.freshet.job.backfill",
        "dev.freshet.job.backfill.BackfillWork",
        "com.rabbitmq.client.impl"
      })
  void whatIsThereOrMayBeLoadedLaterIsKnown(String name) {
    assertThat(levels.isKnown(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dev.freshe",
        "dev.freshet.",
        "dev..freshet",
        "dev/freshet",
        "../../etc",
        "dev.freshet.sink.Local IndexSink",
        "dev.freshet\n"
      })
  void anythingElseIsNot(String name) {
    assertThat(levels.isKnown(name)).isFalse();
    assertThat(levels.nearest("dev.freshe")).isEqualTo("dev.freshet");
  }
}
