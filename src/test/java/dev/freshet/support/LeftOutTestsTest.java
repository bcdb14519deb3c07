package dev.freshet.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class LeftOutTestsTest {

  @TempDir private Path folder;

  /** One that this machine can run and one that it cannot. */
  static final class Sample {

    @Test
    @EnabledIf(
        value = "dev.freshet.support.LeftOutTestsTest#never",
        disabledReason = "it needs a moon")
    void needsMore() {
      assertThat(never()).as("it runs").isTrue();
    }

    @Test
    void runs() {
      assertThat(folderOf(Path.of("a/b"))).isEqualTo(Path.of("a"));
    }
  }

  /** As a class whose tests share servers. */
  @EnabledIf(value = "dev.freshet.support.LeftOutTestsTest#never", disabledReason = "no servers")
  static final class SampleClass {

    @Test
    void needsMore() {
      assertThat(never()).as("it runs").isTrue();
    }
  }

  static boolean never() {
    return false;
  }

  private static Path folderOf(Path file) {
    return file.getParent();
  }

  private String run(Class<?>... samples) {
    var output = new ByteArrayOutputStream();
    var console = new PrintStream(output, true, StandardCharsets.UTF_8);
    var request = LauncherDiscoveryRequestBuilder.request();
    for (Class<?> sample : samples) {
      request.selectors(selectClass(sample));
    }
    // Without the listeners of the build that runs this test.
    var alone =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .build();
    LauncherFactory.create(alone)
        .execute(request.build(), new LeftOutTests(console, folder.resolve("list.txt")));
    return output.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTestThatDidNotRunIsNamedWithItsReason() throws Exception {
    String name = Sample.class.getName();
    assertThat(run(Sample.class))
        .startsWith("LEFT OUT: " + name + ".needsMore: ")
        .contains("it needs a moon")
        .hasLineCount(1);
    assertThat(Files.readString(folder.resolve("list.txt"))).contains(name + ".needsMore");
  }

  @Test
  void aClassThatDidNotRunIsNamedOnceAndTheListGrows() throws Exception {
    run(Sample.class);
    assertThat(run(SampleClass.class))
        .startsWith("LEFT OUT: " + SampleClass.class.getName() + ": ")
        .contains("no servers")
        .hasLineCount(1);
    assertThat(Files.readAllLines(folder.resolve("list.txt"))).hasSize(2);
  }

  @Test
  void theBuildUsesIt() throws Exception {
    assertThat(
            Files.readAllLines(
                Path.of(
                    "src/test/resources/META-INF/services/org.junit.platform.launcher.TestExecutionListener")))
        .contains(LeftOutTests.class.getName());
  }
}
