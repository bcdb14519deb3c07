package dev.freshet.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The classes that the packaged jar loads at its start, kept by the JVM in a file beside the jar
 * (class data sharing). The tests start the jar over a hundred times; this halves each start.
 */
final class ClassDataArchive {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private ClassDataArchive() {}

  /**
   * The arguments that let a JVM start this jar quickly, and print no more than without them. The
   * first call after a build starts the jar once to make the file.
   */
  static synchronized List<String> arguments(Path jar) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(jar.resolveSibling("class-data"));
    Path archive = folder.resolve(jar.getFileName() + ".jsa");
    if (Files.notExists(archive)
        || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
      Files.deleteIfExists(archive);
      make(archive, jar, Files.createTempDirectory(folder, "run"));
    }
    return arguments("-XX:SharedArchiveFile=" + archive);
  }

  /** These lives are too short for the second compiler's work. */
  private static List<String> arguments(String archive) {
    return List.of("-XX:TieredStopAtLevel=1", archive, "-Xlog:disable");
  }

  private static void make(Path archive, Path jar, Path folder)
      throws IOException, InterruptedException {
    List<String> jvm = arguments("-XX:ArchiveClassesAtExit=" + archive);
    Map<String, String> demo = Map.of("MICRONAUT_ENVIRONMENTS", "embedded");
    try (var process = FreshetProcess.start(folder, demo, jvm, jar, List.of())) {
      await().atMost(PATIENCE).until(() -> process.get("/health").startsWith("200"));
      if (!process.terminate(PATIENCE) || Files.notExists(archive)) {
        throw new IllegalStateException("The JVM did not write " + archive);
      }
    }
  }
}
