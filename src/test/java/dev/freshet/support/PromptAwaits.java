package dev.freshet.support;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Lets Awaitility look at once, and ever more rarely: most of what the tests wait for comes within
 * milliseconds, and Awaitility's own tenth of a second is most of the time that such tests take.
 * Only where the unit tests run as a whole: a real server is not to be asked without a pause.
 */
public final class PromptAwaits implements TestExecutionListener {

  private static final Duration FIRST = Duration.ofMillis(2);
  private static final Duration LONGEST = Duration.ofMillis(100);

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    if (Boolean.getBoolean("test.prompt.awaits")) {
      Awaitility.setDefaultPollInterval((count, before) -> next(before));
    }
  }

  static Duration next(Duration before) {
    Duration twice = before.multipliedBy(2);
    if (twice.compareTo(FIRST) < 0) {
      return FIRST;
    }
    return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }
}
