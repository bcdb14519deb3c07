package dev.freshet.sink.http;

import dev.freshet.DurationText;
import dev.freshet.document.TableMappings;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which LlamaIndex service to call, and how.
 *
 * @param url its base, {@code http} or {@code https}; a user and a password in it are sent as basic
 *     authentication
 * @param timeout how long to wait for an answer
 * @param concurrency the most requests in flight, never two of one document
 * @param documentId {@code key} or {@code table-key}: under which id the service knows a document;
 *     null where nothing is configured, which means {@code key} while there is one table only
 */
@ConfigurationProperties("freshet.llama")
@Requires(property = "freshet.sink", value = "http")
record HttpSinkConfiguration(
    @Bindable(defaultValue = "http://localhost:8000") String url,
    @Bindable(defaultValue = "30s") Duration timeout,
    @Bindable(defaultValue = "8") int concurrency,
    @Nullable String documentId) {

  private static final String FORM_KEY = "freshet.llama.document-id";

  HttpSinkConfiguration {
    base(url);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "freshet.llama.timeout is "
              + DurationText.of(timeout)
              + "; it must be more than nothing, such as 30s");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "freshet.llama.concurrency is " + concurrency + "; it must be at least 1");
    }
    explicitForm(documentId);
  }

  /** The URL is not repeated: it may hold a password. */
  private static URI base(String url) {
    try {
      URI base = new URI(url.strip().replaceAll("/+$", ""));
      boolean http = "http".equalsIgnoreCase(base.getScheme());
      if ((http || "https".equalsIgnoreCase(base.getScheme()))
          && base.getHost() != null
          && base.getRawQuery() == null
          && base.getRawFragment() == null) {
        return base;
      }
    } catch (URISyntaxException e) {
      throw unusable();
    }
    throw unusable();
  }

  private static IllegalArgumentException unusable() {
    return new IllegalArgumentException(
        "freshet.llama.url (LLAMA_SERVICE_URL) is not a base URL; write it as http://host:8000, with"
            + " a host name of letters, digits, dots and hyphens (an underscore is none), and"
            + " without a query");
  }

  private static Optional<DocumentIdForm> explicitForm(@Nullable String documentId) {
    if (documentId == null || documentId.isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(DocumentIdForm.values())
            .filter(form -> form.label().equals(documentId.strip()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        FORM_KEY + " is '" + documentId + "'; set it to key or to table-key")));
  }

  URI base() {
    return base(url);
  }

  /** Whether the configuration says that bare keys are unique across tables. */
  boolean sharesKeys() {
    return explicitForm(documentId).isPresent();
  }

  /**
   * Under which id the service knows a document.
   *
   * @throws IllegalArgumentException when several tables would share ids and nothing says that they
   *     may
   */
  DocumentIdForm form(TableMappings mappings) {
    Optional<DocumentIdForm> explicit = explicitForm(documentId);
    if (explicit.isEmpty() && mappings.tables().size() > 1) {
      throw new IllegalArgumentException(
          "with "
              + mappings.tables().size()
              + " tables configured, rows of different tables may have one key and would overwrite"
              + " each other in the LlamaIndex service; set "
              + FORM_KEY
              + " to table-key (ids like public.products/42), or to key (ids like 42) where keys"
              + " are unique across all tables");
    }
    return explicit.orElse(DocumentIdForm.KEY);
  }

  /** Without the password that the URL may hold. */
  @Override
  public String toString() {
    return "HttpSinkConfiguration[timeout=%s, concurrency=%d, documentId=%s]"
        .formatted(timeout, concurrency, documentId);
  }
}
