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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.webjars.WebJarVersionLocator;

/** Hands out the files of the console and of the API's description, each read once. */
@Singleton
public final class ConsoleFiles {

  /**
   * No inline style, nothing from elsewhere, and inside no other page; an image may be data, so
   * that the icon changes also while the service is gone. The one inline script, of this hash, puts
   * the slash behind a prefix without which the page's relative addresses lead beside it.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; img-src 'self' data:; script-src 'self' 'sha256-8n9NOiiqlvU4p4fU6lFhVPl6IaSmOiMhxC37XEOOXb0='; object-src 'none'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  /** Swagger UI sets styles of elements, and draws its icons from data. */
  private static final String SWAGGER_UI_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private static final Set<String> SWAGGER_UI = Set.of("swagger-ui.css", "swagger-ui-bundle.js");
  private static final String API_PAGE = "openapi.html";
  private static final String API_DESCRIPTION = "openapi.yaml";

  /** Where the files of others are, each with its licence. */
  static final String VENDOR = "vendor/";

  private static final Pattern NAME = Pattern.compile("(" + VENDOR + ")?[a-z-]+\\.[a-z]+");
  private static final String PAGE = "index.html";

  private final Map<String, ConsoleFile> read = new ConcurrentHashMap<>();

  ConsoleFiles() {}

  /** Answers with the page, or that the browser has it already. */
  public MutableHttpResponse<String> page(HttpRequest<?> request) {
    return find(PAGE)
        .map(file -> answer(request, file))
        .orElseThrow(() -> new IllegalStateException("the console's page is missing"));
  }

  /** Answers with the page on which the API's description can be browsed. */
  MutableHttpResponse<String> apiPage(HttpRequest<?> request) {
    return answer(request, find(API_PAGE).orElseThrow());
  }

  /** Answers with the description of the API (OpenAPI 3.1). */
  MutableHttpResponse<String> apiDescription(HttpRequest<?> request) {
    return answer(request, find(API_DESCRIPTION).orElseThrow());
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
        .header("Content-Security-Policy", file.policy())
        .header("Referrer-Policy", "no-referrer");
  }

  private static boolean isKnown(HttpRequest<?> request, ConsoleFile file) {
    return request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH).stream()
        .flatMap(tags -> Arrays.stream(tags.split(",", -1)))
        .map(tag -> tag.strip().replaceFirst("^W/", ""))
        .anyMatch(tag -> tag.equals(file.tag()));
  }

  private static String path(String name) {
    if (SWAGGER_UI.contains(name)) {
      return "/" + new WebJarVersionLocator().fullPath("swagger-ui", name);
    }
    return name.equals(API_DESCRIPTION) ? "/openapi/freshet.yaml" : "/console/" + name;
  }

  private static @Nullable ConsoleFile load(String name, Kind kind) {
    String policy = name.equals(API_PAGE) ? SWAGGER_UI_POLICY : CONTENT_SECURITY_POLICY;
    try (InputStream resource = ConsoleFiles.class.getResourceAsStream(path(name))) {
      return resource == null
          ? null
          : ConsoleFile.of(
              new String(resource.readAllBytes(), StandardCharsets.UTF_8), kind, policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
