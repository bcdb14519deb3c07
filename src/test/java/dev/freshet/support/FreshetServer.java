package dev.freshet.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The whole service on a port of its own, and a plain HTTP client for it. */
public final class FreshetServer implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final EmbeddedServer server;

  private FreshetServer(EmbeddedServer server) {
    this.server = server;
  }

  /**
   * Starts the service.
   *
   * @param properties what a user would configure
   * @param beans take the place of the service's own
   */
  public static FreshetServer start(Map<String, Object> properties, Object... beans) {
    var all = new HashMap<>(properties);
    all.put("micronaut.server.port", -1);
    all.put("micronaut.server.host", "127.0.0.1");
    var context =
        ApplicationContext.builder()
            .properties(all)
            .singletons(beans)
            .singletons(hasModel(beans) ? new Object[0] : new Object[] {new SharedModel()})
            .build();
    context.start();
    return new FreshetServer(context.getBean(EmbeddedServer.class).start());
  }

  private static boolean hasModel(Object... beans) {
    return Stream.of(beans).anyMatch(EmbeddingModel.class::isInstance);
  }

  /** Where a browser finds it. */
  public String url() {
    return server.getURL().toString();
  }

  public <T> T bean(Class<T> type) {
    return server.getApplicationContext().getBean(type);
  }

  /** An answer. */
  public record Answer(int status, String body) {

    public JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public Answer get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  /** As {@link #get(String)}, with a header. */
  public Answer get(String path, String header, String value) {
    return send(HttpRequest.newBuilder(uri(path)).header(header, value).GET());
  }

  public Answer post(String path, String json) {
    return send(posted(path, json));
  }

  /** As {@link #post(String, String)}, with a header. */
  public Answer post(String path, String json, String header, String value) {
    return send(posted(path, json).header(header, value));
  }

  private HttpRequest.Builder posted(String path, String json) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
  }

  public Answer delete(String path) {
    return send(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  public static String encode(String parameter) {
    return URLEncoder.encode(parameter, StandardCharsets.UTF_8);
  }

  private URI uri(String path) {
    return URI.create(server.getURL() + path);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      ApiContract.assertKept(response);
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.getApplicationContext().close();
  }
}
