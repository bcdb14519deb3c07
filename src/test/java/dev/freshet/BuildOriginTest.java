package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildOriginTest {

  private static final String COMMIT = "7e0f90ccb99dd8216f00dde3d5b1af127dff7668";

  private static BuildOrigin of(String commit, String time) {
    var properties = new Properties();
    properties.setProperty("version", "1.2.3");
    properties.setProperty("commit", commit);
    properties.setProperty("time", time);
    return BuildOrigin.of(properties);
  }

  @Test
  void whatTheBuildKnowsIsTold() {
    var origin = of(COMMIT, "1795897053");

    assertThat(origin)
        .isEqualTo(new BuildOrigin("1.2.3", COMMIT, Instant.parse("2026-11-28T20:17:33Z")));
    assertThat(origin.sentence()).isEqualTo("1.2.3 (commit 7e0f90ccb99d, of 2026-11-28T20:17:33Z)");
    assertThat(of(COMMIT + "-dirty", "").sentence()).isEqualTo("1.2.3 (commit 7e0f90ccb99d-dirty)");
  }

  /** What Ant does not know stays a placeholder; git says nothing where it fails. */
  @ParameterizedTest
  @ValueSource(strings = {"", "${build.commit}", "HEAD", "7e0f90c; rm -rf"})
  void whatTheBuildDoesNotKnowIsNotTold(String unknown) {
    var origin = of(unknown, unknown);

    assertThat(origin).isEqualTo(new BuildOrigin("1.2.3", null, null));
    assertThat(origin.sentence()).isEqualTo("1.2.3");
    assertThat(BuildOrigin.of(new Properties()).sentence()).isEqualTo("(not packaged)");
  }

  @Test
  void theBuildWritesIt() throws Exception {
    var present = BuildOrigin.present();

    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<version>" + present.version() + "</version>");
    // A build without git, or of a folder that belongs to somebody else, does not know it.
    assertThat(Optional.ofNullable(present.commit()).orElse(COMMIT))
        .matches("[0-9a-f]{40}(-dirty)?");
    assertThat(present.committedAt() == null).isEqualTo(present.commit() == null);
  }
}
