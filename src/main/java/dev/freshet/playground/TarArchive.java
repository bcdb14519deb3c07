package dev.freshet.playground;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;

/**
 * Unpacks folders, files and symbolic links of a tar archive.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">The format</a>
 */
final class TarArchive {

  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int MODE_AT = 100;
  private static final int SIZE_AT = 124;
  private static final int TYPE_AT = 156;
  private static final int LINK_AT = 157;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX = 155;
  private static final int NUMBER = 12;
  private static final int EXECUTABLE = 0100;

  private final InputStream in;
  private final Path target;

  private TarArchive(InputStream in, Path target) {
    this.in = in;
    this.target = target;
  }

  static void unpack(InputStream in, Path target) throws IOException {
    new TarArchive(in, target).unpack();
  }

  private void unpack() throws IOException {
    String longName = "";
    while (true) {
      byte[] header = in.readNBytes(BLOCK);
      if (header.length < BLOCK || header[0] == 0) {
        return;
      }
      char type = (char) header[TYPE_AT];
      long size = number(header, SIZE_AT, NUMBER);
      if (type == 'L') {
        longName = new String(content(size), StandardCharsets.UTF_8).replace("\0", "");
        continue;
      }
      Path path = inside(longName.isEmpty() ? name(header) : longName);
      longName = "";
      switch (type) {
        case '5' -> Files.createDirectories(path);
        case '2' -> link(path, text(header, LINK_AT, NAME));
        case '0', '\0' -> file(path, size, number(header, MODE_AT, 8));
        default -> in.skipNBytes(padded(size));
      }
    }
  }

  private Path inside(String name) throws IOException {
    Path path = target.resolve(name).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the archive names a file outside of it: " + name);
    }
    return path;
  }

  private static void link(Path path, String to) throws IOException {
    Files.createDirectories(path.getParent());
    Files.createSymbolicLink(path, Path.of(to));
  }

  private void file(Path path, long size, long mode) throws IOException {
    Files.createDirectories(path.getParent());
    try (OutputStream out = Files.newOutputStream(path)) {
      var buffer = new byte[1 << 16];
      for (long left = size; left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          throw new EOFException("the archive ends within " + path.getFileName());
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
    in.skipNBytes(padded(size) - size);
    if ((mode & EXECUTABLE) != 0) {
      Files.setPosixFilePermissions(
          path,
          EnumSet.complementOf(
              EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE)));
    }
  }

  private byte[] content(long size) throws IOException {
    byte[] content = in.readNBytes((int) size);
    in.skipNBytes(padded(size) - size);
    return content;
  }

  private static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private static String name(byte[] header) {
    String prefix = text(header, PREFIX_AT, PREFIX);
    String name = text(header, 0, NAME);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static long number(byte[] header, int at, int length) {
    String digits = text(header, at, length).strip();
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static String text(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.UTF_8);
  }
}
