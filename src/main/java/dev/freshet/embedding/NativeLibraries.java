package dev.freshet.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keeps DJL, which holds the tokenizer, to this process: it would unpack its library below the
 * user's home, which a service often cannot write; it would fetch another build of it where it
 * finds a GPU; and on EC2 it reports its use. Whatever the user has set stays.
 */
final class NativeLibraries {

  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String OFFLINE = "ai.djl.offline";

  private NativeLibraries() {}

  /**
   * Loads something of DJL's. The directory that its library is unpacked to is private to this
   * call, because another user could plant a library in one with a known name, and is removed
   * again: a loaded library needs its file no longer.
   */
  static synchronized <T> T load(Supplier<T> loader) {
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
    if (System.getenv(CACHE) != null || System.getProperty(CACHE) != null) {
      return loader.get();
    }
    Path directory = temporaryDirectory();
    System.setProperty(CACHE, directory.toString());
    try {
      return loader.get();
    } finally {
      System.clearProperty(CACHE);
      delete(directory);
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("freshet-djl");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the tokenizer needs a directory it can write: set DJL_CACHE_DIR, or java.io.tmpdir", e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // Windows keeps a loaded library's file: what is left is the system's to clean.
      directory.toFile().deleteOnExit();
    }
  }
}
