package dev.freshet.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.MisconfiguredException;
import dev.freshet.UnavailableException;
import io.micronaut.context.exceptions.BeanInstantiationException;
import io.micronaut.context.exceptions.ConfigurationException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartFailureTest {

  private static StartFailure of(Throwable cause) {
    var wrapper = new BeanInstantiationException("Error\nPath Taken:\n-> new X()", cause);
    return StartFailure.of(foreign(wrapper));
  }

  @Test
  void whatFreshetSaysIsToldWithoutWhatTheFrameworkSays() {
    var failure = of(new IllegalArgumentException("freshet.x is 0;\nit must be 1"));
    assertThat(failure.message()).isEqualTo("freshet.x is 0; it must be 1");
    assertThat(failure.exitCode()).isEqualTo(78);
  }

  @Test
  void theOuterOfTwoOwnMessagesIsTheFullerOne() {
    var failure =
        of(
            new IllegalArgumentException(
                "freshet.tables.a.b: wrong", new IllegalArgumentException("wrong")));
    assertThat(failure.message()).isEqualTo("freshet.tables.a.b: wrong");
  }

  @Test
  void whatSomebodyMustChangeIsAConfiguration() {
    assertThat(of(new MisconfiguredException("no database", new IOException("x"))).exitCode())
        .isEqualTo(78);
  }

  @Test
  void whatHealsIsAFailure() {
    assertThat(of(new UnavailableException("in use")).exitCode()).isEqualTo(1);
    assertThat(of(new Address.UnusableException("in use", true)).exitCode()).isEqualTo(1);
    assertThat(of(new Address.UnusableException("no host", false)).exitCode()).isEqualTo(78);
  }

  @Test
  void theFrameworksConfigurationFaultIsToldAsOne() {
    var failure = of(foreign(new ConfigurationException("Could not resolve ${X}\nmore")));
    assertThat(failure.message())
        .isEqualTo("The configuration is wrong: Could not resolve ${X} more");
    assertThat(failure.exitCode()).isEqualTo(78);
  }

  @Test
  void whatNobodyExpectedSaysWhereToLook() {
    var failure = of(foreign(new IllegalStateException("odd")));
    assertThat(failure.message()).isEqualTo("The start failed: odd; LOG_LEVEL=DEBUG shows where");
    assertThat(failure.exitCode()).isEqualTo(1);
  }

  /** As if a library had thrown it. */
  private static <T extends Throwable> T foreign(T thrown) {
    var frame = new StackTraceElement("java.util.List", "get", "List.java", 1);
    thrown.setStackTrace(List.of(frame).toArray(StackTraceElement[]::new));
    return thrown;
  }
}
