package dev.freshet.sink.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.UnavailableException;
import dev.freshet.document.RenderedDocument;
import dev.freshet.sink.SinkStatus;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the LlamaIndex service, {@code openapi/llamaindex-service.yaml}. A fault that is not
 * the document's is an {@link UnavailableException}.
 */
final class LlamaIndexService {

  private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(2);

  /** A wrong base URL or wrong credentials, or a service that is busy: no document is to blame. */
  private static final Set<Integer> NO_DOCUMENTS_FAULT = Set.of(401, 403, 404, 405, 407, 408, 429);

  /** The most bytes of an answer to a query; as a tree, they take some times as many. */
  static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final int NOT_FOUND = 404;
  private static final int NOT_IMPLEMENTED = 501;

  private final ObjectMapper mapper = new ObjectMapper();
  private final URI base;
  private final Exchange exchange;
  private final Duration timeout;
  private final Breaker breaker;

  /**
   * Makes a client; nothing is called yet.
   *
   * @param base may hold a user and a password
   * @param breaker stands before the calls that change documents; a search asks for itself
   */
  LlamaIndexService(URI base, Duration timeout, Breaker breaker, Clock clock) {
    this.base = Exchange.withoutUser(base);
    this.exchange = new Exchange(base, clock);
    this.timeout = timeout;
    this.breaker = breaker;
  }

  /** Where the service is, without credentials. */
  URI base() {
    return base;
  }

  /**
   * Puts a document in the place of what the service has under the id.
   *
   * @param headers further ones
   */
  Reply upsert(String id, RenderedDocument document, Map<String, String> headers) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", id).put("content", document.content()).set("metadata", document.metadata());
    String call = "POST " + base + "/upsert";
    HttpRequest.Builder request = post("/upsert", body);
    headers.forEach(request::header);
    return reply(send(request.build(), call), call);
  }

  /**
   * Deletes a document; one that the service does not know is deleted too.
   *
   * @param headers further ones
   */
  Reply delete(String id, Map<String, String> headers) {
    HttpRequest.Builder request = to("/delete/" + PathSegment.encode(id)).DELETE();
    headers.forEach(request::header);
    String call = "DELETE " + base + "/delete/{id}";
    HttpResponse<Void> response = send(request.build(), call);
    return response.statusCode() == NOT_FOUND ? new Reply(call, NOT_FOUND) : reply(response, call);
  }

  private HttpResponse<Void> send(HttpRequest request, String call) {
    return breaker.call(
        call, () -> exchange.send(request, BodyHandlers.discarding(), timeout, call));
  }

  private Reply reply(HttpResponse<?> response, String call) {
    int status = response.statusCode();
    boolean clientError = status >= 400 && status < 500;
    boolean success = status >= 200 && status < 300;
    if (success || (clientError && !NO_DOCUMENTS_FAULT.contains(status))) {
      return new Reply(call, status);
    }
    throw exchange.unavailable(response, call);
  }

  /** What the service answers to a query, whatever its status; null for an answer too large. */
  HttpResponse<byte @Nullable []> query(ObjectNode query) {
    return exchange.send(
        post("/query", query).build(),
        BoundedBody.handler(MOST_BYTES),
        timeout,
        "POST " + base + "/query");
  }

  /** The failure that an answer to a query stands for. */
  UnavailableException unavailable(HttpResponse<?> response) {
    return exchange.unavailable(response, "POST " + base + "/query");
  }

  /** Whether the service answers. One without a health check is well when it answers anything. */
  SinkStatus status() {
    Duration patience = timeout.compareTo(HEALTH_PATIENCE) < 0 ? timeout : HEALTH_PATIENCE;
    HttpRequest request = to("/health").GET().build();
    String call = "GET " + base + "/health";
    try {
      int status = exchange.send(request, BodyHandlers.discarding(), patience, call).statusCode();
      boolean failing = status >= 500 && status != NOT_IMPLEMENTED;
      String answer =
          failing ? call + " answers " + status : "the LlamaIndex service at " + base + " answers";
      return new SinkStatus(
          !failing, breaker.refusal().map(refusal -> answer + "; " + refusal).orElse(answer));
    } catch (UnavailableException e) {
      return new SinkStatus(false, String.valueOf(e.getMessage()));
    }
  }

  private HttpRequest.Builder post(String path, JsonNode body) {
    return to(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(bytes(body)));
  }

  private HttpRequest.Builder to(String path) {
    return exchange.request(URI.create(base + path)).header("Accept", "application/json");
  }

  private byte[] bytes(JsonNode body) {
    try {
      return mapper.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }
}
