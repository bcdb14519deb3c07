package dev.freshet.store.lucene;

import dev.freshet.MisconfiguredException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes folders that only Freshet's own user may enter: an index holds the rows' texts. */
final class PrivateFolder {

  private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
  private static final String OWNER_ONLY = "rwx------";
  private static final Set<PosixFilePermission> OTHERS_ENTER =
      EnumSet.of(PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

  private PrivateFolder() {}

  /**
   * Makes the folder with mode 0700 where there is none. One that is there is left as it is.
   *
   * @throws MisconfiguredException when it cannot be used
   */
  static Path require(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(folder, ownerOnly());
      }
    } catch (FileAlreadyExistsException e) {
      throw unusable(folder, e.getFile() + " is not a folder", e);
    } catch (AccessDeniedException e) {
      throw unusable(folder, "it may not be created", e);
    } catch (IOException e) {
      throw unusable(folder, "it cannot be created (" + e.getMessage() + ")", e);
    }
    if (!Files.isWritable(folder)) {
      throw unusable(folder, "it may not be written", null);
    }
    return folder;
  }

  /** Says so where other users of the machine may look into the folder. */
  static void warnIfShared(Path folder) {
    if (!isPosix()) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
      if (OTHERS_ENTER.stream().anyMatch(permissions::contains)) {
        LOG.warn(
            "Other users of this machine can read the data folder {} ({}): run chmod 700 on it",
            folder,
            PosixFilePermissions.toString(permissions));
      }
    } catch (IOException e) {
      LOG.debug("The permissions of {} cannot be read", folder, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static MisconfiguredException unusable(
      Path folder, String reason, @Nullable Exception cause) {
    String message =
        "The folder "
            + folder
            + " cannot be used: "
            + reason
            + "; set freshet.data-dir (FRESHET_DATA_DIR) to a folder that Freshet can write";
    return cause == null
        ? new MisconfiguredException(message)
        : new MisconfiguredException(message, cause);
  }
}
