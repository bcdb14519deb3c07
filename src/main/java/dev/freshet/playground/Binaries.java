package dev.freshet.playground;

import dev.freshet.MisconfiguredException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once. */
final class Binaries {

  private static final String MARK = "unpacked";

  private Binaries() {}

  /**
   * Unpacks them, unless the very same are there.
   *
   * @return the folder that has {@code bin}
   * @throws MisconfiguredException when this jar does not have them
   */
  static Path unpack(Platform platform, Path folder) throws IOException {
    Path unpacked = folder.resolve("binaries");
    try (InputStream archive = archive(platform)) {
      String version = platform.archive() + " " + archive.available();
      Path mark = unpacked.resolve(MARK);
      if (Files.exists(mark) && Files.readString(mark).equals(version)) {
        return unpacked;
      }
      Path fresh = folder.resolve("binaries.new");
      Folder.delete(fresh);
      Files.createDirectories(fresh);
      try (var xz = new BufferedInputStream(new XZInputStream(archive), 1 << 16)) {
        TarArchive.unpack(xz, fresh);
      }
      Files.writeString(fresh.resolve(MARK), version);
      Folder.delete(unpacked);
      Files.move(fresh, unpacked);
      return unpacked;
    }
  }

  private static InputStream archive(Platform platform) {
    InputStream archive = Binaries.class.getResourceAsStream("/" + platform.archive());
    if (archive == null) {
      throw new MisconfiguredException(
          "This jar was built on another platform and has no PostgreSQL for %s: build it here, or with -P%s. %s"
              .formatted(platform.name(), platform.profile(), Platform.BY_HAND));
    }
    return new BufferedInputStream(archive, 1 << 16);
  }
}
