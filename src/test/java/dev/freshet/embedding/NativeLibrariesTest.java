package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Whoever opens the model meanwhile uses the same system property. */
@Isolated
class NativeLibrariesTest {

  private static final String CACHE = "DJL_CACHE_DIR";

  @Test
  void theLibraryIsUnpackedToATemporaryDirectoryAndRemovedAgain() {
    Path unpacked = NativeLibraries.load(NativeLibrariesTest::unpack);

    assertThat(unpacked).startsWithRaw(Path.of(System.getProperty("java.io.tmpdir")));
    assertThat(unpacked.getParent()).doesNotExist();
    assertThat(System.getProperty(CACHE)).isNull();
  }

  @Test
  void theUsersDirectoryIsKept(@TempDir Path directory) {
    System.setProperty(CACHE, directory.toString());
    try {
      Path unpacked = NativeLibraries.load(NativeLibrariesTest::unpack);

      assertThat(unpacked).hasParent(directory).exists();
    } finally {
      System.clearProperty(CACHE);
    }
  }

  @Test
  void nothingIsFetchedOrReported() {
    assertThat(NativeLibraries.load(() -> System.getProperty("ai.djl.offline"))).isEqualTo("true");
  }

  private static Path unpack() {
    try {
      return Files.createFile(Path.of(System.getProperty(CACHE), "library"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
