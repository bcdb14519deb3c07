package dev.freshet.api.console;

import dev.freshet.api.console.ConsoleFile.Kind;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hands out the console's files, each read once. */
@Singleton
public final class ConsoleFiles {

  /**
   * No inline style, nothing from elsewhere, and inside no other page. The one inline script, of
   * this hash, puts the slash behind a prefix without which the page's relative addresses lead
   * beside it.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; script-src 'self' 'sha256-8n9NOiiqlvU4p4fU6lFhVPl6IaSmOiMhxC37XEOOXb0='; object-src 'none'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  private static final Pattern NAME = Pattern.compile("[a-z-]+\\.[a-z]+");
  private static final String PAGE = "index.html";

  private final Map<String, ConsoleFile> read = new ConcurrentHashMap<>();

  ConsoleFiles() {}

  /** Answers with the page, or that the browser has it already. */
  public MutableHttpResponse<String> page(HttpRequest<?> request) {
    return find(PAGE)
        .map(file -> answer(request, file))
        .orElseThrow(() -> new IllegalStateException("the console's page is missing"));
  }

  Optional<ConsoleFile> find(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        read.computeIfAbsent(
            name, absent -> Kind.of(absent).map(kind -> load(absent, kind)).orElse(null)));
  }

  /**
   * The browser asks each time, and is answered in a few bytes while the content is the same: so an
   * upgrade shows at once, and no page runs with scripts of another version.
   */
  static MutableHttpResponse<String> answer(HttpRequest<?> request, ConsoleFile file) {
    MutableHttpResponse<String> response =
        isKnown(request, file)
            ? HttpResponse.notModified()
            : HttpResponse.ok(file.content()).contentType(file.type());
    return response
        .header(HttpHeaders.ETAG, file.tag())
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("Referrer-Policy", "no-referrer");
  }

  private static boolean isKnown(HttpRequest<?> request, ConsoleFile file) {
    return request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH).stream()
        .flatMap(tags -> Arrays.stream(tags.split(",", -1)))
        .map(tag -> tag.strip().replaceFirst("^W/", ""))
        .anyMatch(tag -> tag.equals(file.tag()));
  }

  private static @Nullable ConsoleFile load(String name, Kind kind) {
    try (InputStream resource = ConsoleFiles.class.getResourceAsStream("/console/" + name)) {
      return resource == null
          ? null
          : ConsoleFile.of(new String(resource.readAllBytes(), StandardCharsets.UTF_8), kind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
