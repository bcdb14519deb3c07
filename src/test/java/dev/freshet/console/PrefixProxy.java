package dev.freshet.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A reverse proxy that puts a service below a path, and names the service itself as its host. */
final class PrefixProxy implements AutoCloseable {

  private static final List<String> PASSED_ON =
      List.of("Accept", "Content-Type", "Origin", "Sec-Fetch-Site", "X-API-Key", "If-None-Match");

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final String prefix;
  private final String target;

  private PrefixProxy(HttpServer server, String prefix, String target) {
    this.server = server;
    this.prefix = prefix;
    this.target = target;
  }

  static PrefixProxy start(String prefix, String target) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var proxy = new PrefixProxy(HttpServer.create(address, 0), prefix, target);
    proxy.server.createContext("/", proxy::handle);
    proxy.server.setExecutor(proxy.executor);
    proxy.server.start();
    return proxy;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestURI().toString();
    if (asked.equals(prefix) || asked.startsWith(prefix + "/")) {
      try {
        forward(exchange, asked.substring(prefix.length()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
    exchange.close();
  }

  private void forward(HttpExchange exchange, String path)
      throws IOException, InterruptedException {
    String rest = path.startsWith("/") ? path : "/" + path;
    var request =
        HttpRequest.newBuilder(URI.create(target + rest))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : PASSED_ON) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("content-length") && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
