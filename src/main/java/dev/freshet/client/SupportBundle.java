package dev.freshet.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip file of what was found, and of a summary that says what was not.
 *
 * @param service whom the questions were put to
 */
record SupportBundle(String service, Instant collectedAt, List<Finding> findings) {

  private static final String SUMMARY = "summary.json";

  SupportBundle {
    findings = List.copyOf(findings);
  }

  long missing() {
    return findings.stream().filter(finding -> finding.problem() != null).count();
  }

  /**
   * Writes the file, for its owner only: it names servers and tables.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is such a file
   */
  void write(Path file) throws IOException {
    byte[] content = zipped();
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forItsOwner())) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static FileAttribute<?>[] forItsOwner() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private byte[] zipped() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      add(zip, SUMMARY, collectedAt, summary().toPrettyString() + "\n");
      for (Finding finding : findings) {
        if (finding.content() != null) {
          add(zip, finding.question().file(), finding.askedAt(), finding.content());
        }
      }
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, Instant time, String content)
      throws IOException {
    var entry = new ZipEntry(name);
    entry.setLastModifiedTime(FileTime.from(time));
    zip.putNextEntry(entry);
    zip.write(content.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private ObjectNode summary() {
    ObjectNode summary =
        JsonNodeFactory.instance
            .objectNode()
            .put("service", service)
            .put("collectedAt", collectedAt.toString());
    var answers = summary.putArray("calls");
    findings.forEach(finding -> answers.add(finding.summary()));
    return summary;
  }
}
