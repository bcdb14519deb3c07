package dev.freshet.wiring;

import dev.freshet.Backoff;
import dev.freshet.MisconfiguredException;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.UnroutableException;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the change events of a folder on the feed, so that a first start has something to find.
 * Starting again changes nothing: the events are not newer than what is indexed.
 */
@Singleton
@Requires(property = SampleEvents.KEY)
final class SampleEvents {

  static final String KEY = "freshet.samples";

  private static final String CLASSPATH = "classpath:";
  private static final Logger LOG = LoggerFactory.getLogger(SampleEvents.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), RandomGenerator.getDefault());

  private final String folder;
  private final ChangePublisher publisher;
  private final ChangeEventDecoder decoder;

  /**
   * Names the folder.
   *
   * @param folder a folder of JSON files, one envelope each; {@code classpath:} for one in the jar
   */
  SampleEvents(
      @Property(name = KEY) String folder, ChangePublisher publisher, ChangeEventDecoder decoder) {
    this.folder = folder;
    this.publisher = publisher;
    this.decoder = decoder;
  }

  /**
   * Counts the events, and publishes them in the background, in the order of their files' names.
   */
  int publish() {
    List<ChangeMessage> events = read().stream().map(this::message).toList();
    var thread = new Thread(() -> publish(events), "samples");
    thread.setDaemon(true);
    thread.start();
    return events.size();
  }

  private void publish(List<ChangeMessage> events) {
    try {
      for (ChangeMessage event : events) {
        publish(event);
      }
    } catch (UnroutableException e) {
      LOG.error("The sample events find no queue: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The feed may be full, or its broker not there yet. */
  private void publish(ChangeMessage event) throws UnroutableException, InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        publisher.publish(event);
        return;
      } catch (UnavailableException e) {
        Thread.sleep(BACKOFF.delay(failures).toMillis());
      }
    }
  }

  private ChangeMessage message(byte[] event) {
    return new ChangeMessage(
        routingKey(event), Map.of(ChangeMessage.REPLAY_HEADER, "samples"), event);
  }

  private String routingKey(byte[] event) {
    var message = new ChangeMessage("", Map.of(), event);
    if (decoder.decode(message, Instant.EPOCH) instanceof ChangeEvent.RowUpserted upserted) {
      return upserted.table().toString();
    }
    throw new MisconfiguredException(
        KEY + ": the folder " + folder + " holds an event that upserts no row");
  }

  private List<byte[]> read() {
    try {
      if (!folder.startsWith(CLASSPATH)) {
        return read(Path.of(folder));
      }
      String resource = "/" + folder.substring(CLASSPATH.length());
      URL found = SampleEvents.class.getResource(resource);
      if (found == null) {
        throw new MisconfiguredException(KEY + ": there is no folder " + folder);
      }
      URI uri = found.toURI();
      if (!uri.getScheme().equals("jar")) {
        return read(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return read(jar.getPath(resource));
      }
    } catch (IOException e) {
      throw new MisconfiguredException(
          KEY + ": the folder " + folder + " cannot be read; name one with JSON files", e);
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
