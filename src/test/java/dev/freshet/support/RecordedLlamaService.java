package dev.freshet.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A LlamaIndex service on loopback that keeps its documents in memory, and records every call. It
 * can be told to answer otherwise.
 */
public final class RecordedLlamaService implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String DELETE = "/delete/";

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, JsonNode> documents = new ConcurrentHashMap<>();
  private final InFlight inFlight = new InFlight();
  private volatile int mostDocuments;
  private volatile Function<Call, Optional<Answer>> answers = call -> Optional.empty();

  /**
   * A call as it came.
   *
   * @param path as it was sent, percent-encoded
   * @param body empty when there was none
   */
  public record Call(String method, String path, Map<String, String> headers, String body) {

    public JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The id of the document that the call is about; empty for a query and a health check. */
    public Optional<String> documentId() {
      if (path.startsWith(DELETE)) {
        String encoded = path.substring(DELETE.length()).replace("+", "%2B");
        return Optional.of(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
      }
      return "/upsert".equals(path) ? Optional.of(json().path("id").asText()) : Optional.empty();
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  /** What to answer in the place of what the service would. */
  public record Answer(int status, Duration delay, Map<String, String> headers, String body) {

    public static Answer of(int status) {
      return new Answer(status, Duration.ZERO, Map.of(), "");
    }

    public static Answer json(String body) {
      return new Answer(200, Duration.ZERO, Map.of("Content-Type", "application/json"), body);
    }

    public Answer after(Duration wait) {
      return new Answer(status, wait, headers, body);
    }

    public Answer withHeader(String name, String value) {
      var all = new HashMap<>(headers);
      all.put(name, value);
      return new Answer(status, delay, all, body);
    }
  }

  private RecordedLlamaService(HttpServer server) {
    this.server = server;
  }

  public static RecordedLlamaService start() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var service = new RecordedLlamaService(HttpServer.create(address, 0));
      service.server.setExecutor(service.executor);
      service.server.createContext("/", service::handle);
      service.server.start();
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on answers this to the calls for which the function has an answer. */
  public void answer(Function<Call, Optional<Answer>> answer) {
    answers = answer;
  }

  /** From now on answers this to every call. */
  public void answerAll(Answer answer) {
    answer(call -> Optional.of(answer));
  }

  /** From now on answers this to calls about the document. */
  public void answerFor(String documentId, Answer answer) {
    answer(call -> call.documentId().filter(documentId::equals).map(id -> answer));
  }

  /** From now on announces that it takes so many documents in one call. */
  public void offerBatches(int documents) {
    mostDocuments = documents;
  }

  /** From now on answers as a service that is well. */
  public void recover() {
    answer(call -> Optional.empty());
  }

  /** Every call, in order of arrival. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  public void forgetCalls() {
    calls.clear();
  }

  /** The bodies of the upserts that the service has taken and not deleted since, by id. */
  public Map<String, JsonNode> documents() {
    return Map.copyOf(documents);
  }

  /** The body of the document's newest upsert. */
  public JsonNode document(String id) {
    return Optional.ofNullable(documents.get(id))
        .orElseThrow(() -> new AssertionError("the service has no document " + id));
  }

  /** How many calls are in flight now. */
  public int inFlightNow() {
    return inFlight.now();
  }

  /** The most calls that were in flight at once. */
  public int mostInFlight() {
    return inFlight.most();
  }

  /** The most calls about one document that were in flight at once. */
  public int mostInFlightOfOneDocument() {
    return inFlight.mostOfOneDocument();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call = call(exchange);
      calls.add(call);
      send(exchange, answerTo(call));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answerTo(Call call) throws InterruptedException {
    inFlight.begin(call.documentId().orElse(null));
    try {
      Answer answer = answers.apply(call).orElseGet(() -> takenBy(call));
      Thread.sleep(answer.delay().toMillis());
      return answer;
    } finally {
      inFlight.end(call.documentId().orElse(null));
    }
  }

  private static Call call(HttpExchange exchange) throws IOException {
    var headers = new HashMap<String, String>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getRawPath();
    return new Call(exchange.getRequestMethod(), path, headers, body);
  }

  private Answer takenBy(Call call) {
    String id = call.documentId().orElse("");
    return switch (call.method() + " " + call.path().replaceFirst("^/delete/.*", DELETE)) {
      case "POST /upsert" -> {
        documents.put(id, call.json());
        yield Answer.json("{}");
      }
      case "DELETE /delete/" -> Answer.of(documents.remove(id) == null ? 404 : 200);
      case "GET /health" -> Answer.of(200);
      case "GET /" ->
          mostDocuments == 0
              ? Answer.of(404)
              : Answer.json(
                  "{\"capabilities\":[\"upsert-batch\"],\"most_documents\":%d}"
                      .formatted(mostDocuments));
      case "POST /upsert-batch" -> {
        for (JsonNode document : call.json().path("documents")) {
          documents.put(document.path("id").asText(), document);
        }
        yield Answer.json("{}");
      }
      default -> Answer.of(404);
    };
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Stops listening: whoever calls now cannot connect. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
