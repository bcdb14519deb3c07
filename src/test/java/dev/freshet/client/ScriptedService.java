package dev.freshet.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as it was told, the last answer for ever, and remembers what it was asked. */
final class ScriptedService implements AutoCloseable {

  static final String FRESHNESS =
      """
      "freshness":{"asOfLsn":"0/20","asOfTime":null,"exact":true,"lagMillis":0,"pending":3,
      "deadLettered":0,"failedDocuments":2,"silentSince":null,"note":null}""";

  private record Step(int status, String body, Map<String, String> headers) {}

  private final HttpServer server;
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> keys = new CopyOnWriteArrayList<>();

  ScriptedService() throws IOException {
    this(0);
  }

  ScriptedService(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  ScriptedService then(int status, String body) {
    return then(status, body, Map.of());
  }

  ScriptedService then(int status, String body, Map<String, String> headers) {
    steps.add(new Step(status, body, headers));
    return this;
  }

  static String document(String state, String received) {
    return """
    {"documentId":"public.products/42","state":"%s","lsn":"0/1F","txId":742,"received":%s,
     "failure":{"detail":"column title is missing"},%s}"""
        .formatted(state, received, FRESHNESS);
  }

  /** As the service says that the time is up. */
  static String late(String detail) {
    return "{\"status\":504,\"detail\":\"" + detail + "\"," + FRESHNESS + "}";
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Step step = steps.size() > 1 ? steps.remove() : steps.element();
    byte[] body = step.body().getBytes(StandardCharsets.UTF_8);
    step.headers().forEach(exchange.getResponseHeaders()::add);
    exchange.sendResponseHeaders(step.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
