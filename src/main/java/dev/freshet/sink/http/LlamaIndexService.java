package dev.freshet.sink.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.UnavailableException;
import dev.freshet.sink.SinkStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the LlamaIndex service, {@code openapi/llamaindex-service.yaml}. A fault that is not
 * the document's is an {@link UnavailableException}.
 */
final class LlamaIndexService {

  private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(2);

  /**
   * A wrong base URL or wrong credentials, a service that is busy, or that has a newer version of
   * the document from elsewhere: no document is to blame.
   */
  private static final Set<Integer> NO_DOCUMENTS_FAULT =
      Set.of(401, 403, 404, 405, 407, 408, 412, 429);

  private static final String POSITION = "Freshet-Position";
  private static final String BATCH = "upsert-batch";

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

  /** Puts a document in the place of what the service has under its id. */
  Reply upsert(Upsert upsert) {
    String call = "POST " + base + "/upsert";
    HttpRequest.Builder request = post("/upsert", upsert.body());
    request.header(POSITION, upsert.position());
    upsert.trace().forEach(request::header);
    return reply(send(request.build(), call), call);
  }

  /** The same with several documents; what the service refuses, it refuses as a whole. */
  Reply upsert(List<Upsert> upserts) {
    String call = "POST " + base + "/" + BATCH;
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    upserts.forEach(upsert -> body.withArray("documents").add(upsert.part()));
    return reply(send(post("/" + BATCH, body).build(), call), call);
  }

  /**
   * How many documents a call may have, as the service announces it; 1 where it announces nothing,
   * or does not answer.
   */
  int mostDocuments() {
    String call = "GET " + base + "/";
    HttpRequest request = to("/").GET().build();
    try {
      HttpResponse<byte @Nullable []> response =
          exchange.send(request, BoundedBody.handler(MOST_BYTES), patience(), call);
      return announced(response);
    } catch (UnavailableException e) {
      return 1;
    }
  }

  private int announced(HttpResponse<byte @Nullable []> response) {
    byte[] body = response.body();
    if (response.statusCode() != 200 || body == null) {
      return 1;
    }
    try {
      JsonNode answer = mapper.readTree(body);
      for (JsonNode capability : answer.path("capabilities")) {
        if (BATCH.equals(capability.asText())) {
          return Math.max(1, answer.path("most_documents").asInt(Integer.MAX_VALUE));
        }
      }
      return 1;
    } catch (IOException e) {
      return 1;
    }
  }

  /**
   * Deletes a document; one that the service does not know is deleted too.
   *
   * @param position see {@link RequestPositions}
   * @param trace the headers that name the trace of its change
   */
  Reply delete(String id, String position, Map<String, String> trace) {
    HttpRequest.Builder request = to("/delete/" + PathSegment.encode(id)).DELETE();
    request.header(POSITION, position);
    trace.forEach(request::header);
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
    HttpRequest request = to("/health").GET().build();
    String call = "GET " + base + "/health";
    try {
      int status = exchange.send(request, BodyHandlers.discarding(), patience(), call).statusCode();
      boolean failing = status >= 500 && status != NOT_IMPLEMENTED;
      String answer =
          failing ? call + " answers " + status : "the LlamaIndex service at " + base + " answers";
      return new SinkStatus(
          !failing, breaker.refusal().map(refusal -> answer + "; " + refusal).orElse(answer));
    } catch (UnavailableException e) {
      return new SinkStatus(false, String.valueOf(e.getMessage()));
    }
  }

  private Duration patience() {
    return timeout.compareTo(HEALTH_PATIENCE) < 0 ? timeout : HEALTH_PATIENCE;
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
