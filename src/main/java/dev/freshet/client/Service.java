package dev.freshet.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The calls to one Freshet. */
final class Service {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String base;
  private final @Nullable String apiKey;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * @param body missing where it is no JSON
   * @param text the body as it came
   */
  record Answer(int status, JsonNode body, String text, Optional<Duration> retryAfter) {

    /** What a problem says, or at least its status. */
    String detail() {
      return body.hasNonNull("detail")
          ? body.path("detail").asText()
          : "the service answers with status " + status;
    }
  }

  /**
   * @throws IllegalArgumentException when the URL is none of http or https
   */
  Service(URI url, @Nullable String apiKey) {
    String scheme = String.valueOf(url.getScheme());
    if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          "'" + url + "' is not the URL of a service: write it as http://localhost:8080");
    }
    // A user and a password would be told with the address, and are not sent.
    this.base = url.toString().replaceFirst("//[^/?#]*@", "//").replaceAll("/+$", "");
    this.apiKey = apiKey;
  }

  String url() {
    return base;
  }

  Answer get(String pathAndQuery, Duration timeout) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + pathAndQuery))
            .timeout(timeout)
            .header("Accept", "application/json, application/problem+json, text/plain;q=0.5");
    if (apiKey != null) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    Optional<Duration> retryAfter =
        response
            .headers()
            .firstValue("Retry-After")
            .filter(seconds -> seconds.matches("[0-9]{1,6}"))
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    return new Answer(response.statusCode(), read(response.body()), response.body(), retryAfter);
  }

  private static JsonNode read(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** For a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
