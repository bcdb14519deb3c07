package dev.freshet.client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds a service, and is let in. */
final class ServiceOptions {

  /** Of the signs that a header may hold; a line break would otherwise end in a stack trace. */
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,1000}");

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:8080",
      description = "The service; ${DEFAULT-VALUE} unless given.")
  private String url;

  @Option(
      names = "--api-key",
      paramLabel = "API_KEY",
      description = "A key of the role read; better in the environment, as FRESHET_API_KEY.")
  private @Nullable String apiKey;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file that has such a key, and nothing else.")
  private @Nullable Path keyFile;

  private final @Nullable String environmentApiKey;

  // picocli injects the fields.
  @SuppressWarnings("NullAway.Init")
  ServiceOptions(@Nullable String environmentApiKey) {
    // A variable without a value is not set.
    this.environmentApiKey =
        environmentApiKey == null || environmentApiKey.isEmpty() ? null : environmentApiKey;
  }

  /**
   * The service's address.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  URI url() {
    if (url.isEmpty()) {
      throw new IllegalArgumentException("--url is empty");
    }
    return URI.create(url);
  }

  /**
   * The key to send; null where none is given.
   *
   * @throws IllegalArgumentException that says what is wrong, without the key
   */
  @Nullable String key() {
    if (apiKey != null && keyFile != null) {
      throw new IllegalArgumentException("give either --api-key or --key-file");
    }
    if (keyFile != null) {
      return checked("--key-file: the content of '" + keyFile + "'", content(keyFile));
    }
    if (apiKey != null) {
      return checked("--api-key", apiKey);
    }
    return environmentApiKey == null ? null : checked("FRESHET_API_KEY", environmentApiKey);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--key-file: '" + file + "' cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static String checked(String origin, String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException(origin + " is empty");
    }
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          origin + " is not a key: a key has no blanks and no line breaks");
    }
    return key;
  }
}
