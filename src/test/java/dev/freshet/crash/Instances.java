package dev.freshet.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.FreshetProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Processes of the packaged jar that do the same work. */
final class Instances implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final Duration ENDING = Duration.ofSeconds(30);

  private final Path folder;
  private final Map<String, String> environment;
  private final List<FreshetProcess> processes = new ArrayList<>();

  Instances(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = new HashMap<>(environment);
    // A quicker start leaves more time for faults.
    this.environment.put("JAVA_TOOL_OPTIONS", "-Xmx512m -XX:TieredStopAtLevel=1");
  }

  /** Starts one more, and waits until it works. */
  void add() throws IOException {
    processes.add(launch(processes.size()));
    awaitHealth(processes.get(processes.size() - 1), "200");
  }

  int count() {
    return processes.size();
  }

  FreshetProcess get(int instance) {
    return processes.get(instance);
  }

  private FreshetProcess launch(int instance) throws IOException {
    Path home = Files.createDirectories(folder.resolve("instance-" + instance));
    return FreshetProcess.start(home, environment);
  }

  /** Starts one again that is dead, without waiting for anything. */
  void launchAgain(int instance) throws IOException {
    processes.set(instance, launch(instance));
  }

  /** Starts one again that is dead, and waits until it works. */
  void restart(int instance) throws IOException {
    launchAgain(instance);
    awaitHealth(processes.get(instance), "200");
  }

  /** Ends one by SIGTERM. */
  void terminate(int instance) throws InterruptedException {
    assertThat(processes.get(instance).terminate(ENDING)).as("ends in time").isTrue();
  }

  /** Waits until the health of each begins with the status. */
  void awaitHealth(String status) {
    processes.forEach(process -> awaitHealth(process, status));
  }

  private static void awaitHealth(FreshetProcess process, String status) {
    await("health " + status)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> process.get("/health").startsWith(status));
  }

  /** Dead letters and defects are logged as errors. */
  void requireNoErrorsInTheLogs() throws IOException {
    for (FreshetProcess process : processes) {
      assertThat(process.log()).doesNotContain(" ERROR ").doesNotContain("Exception in thread");
    }
  }

  @Override
  public void close() {
    processes.forEach(FreshetProcess::close);
  }
}
