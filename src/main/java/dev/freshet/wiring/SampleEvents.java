package dev.freshet.wiring;

import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.UnroutableException;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Puts the change events of a folder on the feed, so that a first start has something to find.
 * Starting again changes nothing: the events are not newer than what is indexed.
 */
@Singleton
@Requires(property = SampleEvents.KEY)
final class SampleEvents {

  static final String KEY = "freshet.samples";

  private static final String CLASSPATH = "classpath:";

  private final String folder;
  private final ChangeFeed feed;
  private final ChangeEventDecoder decoder;

  /**
   * Names the folder.
   *
   * @param folder a folder of JSON files, one envelope each; {@code classpath:} for one in the jar
   */
  SampleEvents(@Property(name = KEY) String folder, ChangeFeed feed, ChangeEventDecoder decoder) {
    this.folder = folder;
    this.feed = feed;
    this.decoder = decoder;
  }

  /** Publishes the events in the order of their files' names, and counts them. */
  int publish() {
    List<byte[]> events = read();
    for (byte[] event : events) {
      try {
        feed.publish(new ChangeMessage(routingKey(event), Map.of(), event));
      } catch (UnroutableException e) {
        throw new IllegalStateException("the sample events of " + folder + " find no queue", e);
      }
    }
    return events.size();
  }

  private String routingKey(byte[] event) {
    var message = new ChangeMessage("", Map.of(), event);
    if (decoder.decode(message, Instant.EPOCH) instanceof ChangeEvent.RowUpserted upserted) {
      return upserted.table().toString();
    }
    throw new IllegalStateException(KEY + ": " + folder + " holds an event that upserts no row");
  }

  private List<byte[]> read() {
    try {
      if (!folder.startsWith(CLASSPATH)) {
        return read(Path.of(folder));
      }
      String resource = "/" + folder.substring(CLASSPATH.length());
      URI uri =
          Objects.requireNonNull(
                  SampleEvents.class.getResource(resource), () -> KEY + ": there is no " + folder)
              .toURI();
      if (!uri.getScheme().equals("jar")) {
        return read(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return read(jar.getPath(resource));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(KEY + ": cannot read " + folder, e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class loader answers no URI", e);
    }
  }

  private static List<byte[]> read(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(SampleEvents::readFile)
          .toList();
    }
  }

  private static byte[] readFile(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
