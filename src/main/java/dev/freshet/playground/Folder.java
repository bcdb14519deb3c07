package dev.freshet.playground;

import dev.freshet.MisconfiguredException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The playground's folder, which one process at a time uses. The lock ends with the process. */
final class Folder implements AutoCloseable {

  private static final String MARK = "playground.lock";

  private final Path path;
  private final FileChannel channel;

  private Folder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the folder, and makes it where there is none.
   *
   * @throws MisconfiguredException when another process has it, or it has other files
   */
  static Folder take(Path given) throws IOException {
    Path path = given.toAbsolutePath().normalize();
    try {
      return lockedOrMade(path);
    } catch (AccessDeniedException e) {
      throw new MisconfiguredException(
          "The user %s may not write to %s: name another folder with --folder"
              .formatted(System.getProperty("user.name"), path));
    }
  }

  /** Whether a playground runs in it; false where that cannot be told. */
  static boolean isTaken(Path given) {
    try (var channel =
        FileChannel.open(
            given.toAbsolutePath().normalize().resolve(MARK), StandardOpenOption.WRITE)) {
      return lock(channel) == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static Folder lockedOrMade(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Path parent = path.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else if (!Files.exists(path.resolve(MARK)) && !isEmpty(path)) {
      throw new MisconfiguredException(
          "%s has files that are not the playground's: name another folder with --folder"
              .formatted(path));
    }
    FileChannel channel =
        FileChannel.open(path.resolve(MARK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw taken(path);
    }
    return new Folder(path, channel);
  }

  static MisconfiguredException taken(Path path) {
    return new MisconfiguredException(
        "Another playground runs in %s: end it first, or name another folder with --folder"
            .formatted(path.toAbsolutePath().normalize()));
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }

  Path path() {
    return path;
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  /** Deletes what a name stands for, if it is there; follows no link. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process, at the latest.
    }
  }
}
