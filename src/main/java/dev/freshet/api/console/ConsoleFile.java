package dev.freshet.api.console;

import dev.freshet.document.Fingerprint;
import io.micronaut.http.MediaType;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file of a page for people.
 *
 * @param content its text; there are no others
 * @param type its media type
 * @param tag names the content, as {@code ETag} has it
 * @param policy what a browser lets the page do, as {@code Content-Security-Policy} has it
 */
record ConsoleFile(String content, MediaType type, String tag, String policy) {

  /** What the pages consist of. */
  enum Kind {
    HTML("text/html"),
    CSS("text/css"),
    JS("text/javascript"),
    SVG("image/svg+xml"),
    YAML("application/yaml");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    static Optional<Kind> of(String fileName) {
      String extension = fileName.substring(fileName.lastIndexOf('.') + 1);
      return Arrays.stream(values())
          .filter(kind -> kind.name().equalsIgnoreCase(extension))
          .findFirst();
    }
  }

  static ConsoleFile of(String content, Kind kind, String policy) {
    return new ConsoleFile(
        content,
        MediaType.of(kind.type + ";charset=utf-8"),
        '"' + Fingerprint.of(content) + '"',
        policy);
  }
}
