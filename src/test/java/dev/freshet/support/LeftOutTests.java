package dev.freshet.support;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says at the end of a run which tests did not run and why; a number of skipped ones is overlooked.
 */
public final class LeftOutTests implements TestExecutionListener {

  /** {@code scripts/test} repeats it at its end. */
  private static final Path LIST = Path.of("target", "left-out-tests.txt");

  private final List<String> lines = new ArrayList<>();
  private final PrintStream console;
  private final Path list;

  /** As the platform finds it. */
  public LeftOutTests() {
    this(System.out, LIST);
  }

  LeftOutTests(PrintStream console, Path list) {
    this.console = console;
    this.list = list;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    lines.add("LEFT OUT: " + name(test) + ": " + reason);
  }

  private static String name(TestIdentifier test) {
    return test.getSource()
        .map(
            source ->
                source instanceof MethodSource method
                    ? method.getClassName() + "." + method.getMethodName()
                    : source instanceof ClassSource type
                        ? type.getClassName()
                        : test.getDisplayName())
        .orElseGet(test::getDisplayName);
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (lines.isEmpty()) {
      return;
    }
    lines.forEach(console::println);
    try {
      Files.createDirectories(list.toAbsolutePath().getParent());
      Files.write(list, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.clear();
  }
}
