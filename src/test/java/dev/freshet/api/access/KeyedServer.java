package dev.freshet.api.access;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The HTTP API over fakes, with a key of each role. */
final class KeyedServer implements AutoCloseable {

  static final String ADMIN_KEY = "freshet_admin-key-of-a-test";
  static final String READ_KEY = "freshet_read-key-of-a-test";

  private final HttpClient client = HttpClient.newHttpClient();
  private final EmbeddedServer server;

  private KeyedServer(EmbeddedServer server) {
    this.server = server;
  }

  static KeyedServer start() {
    return start(
        Map.of(
            "freshet.access.admin-key-sha256",
            sha256(ADMIN_KEY),
            "freshet.access.read-key-sha256",
            sha256("another") + ", " + sha256(READ_KEY)));
  }

  static KeyedServer start(Map<String, Object> settings) {
    var properties = new HashMap<>(settings);
    properties.put("micronaut.server.port", -1);
    return new KeyedServer(ApplicationContext.run(EmbeddedServer.class, properties, "fakes"));
  }

  static String sha256(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  /**
   * Sends what no HTTP client would; answers all that comes back.
   *
   * @param lines headers, and behind an empty one the body
   */
  String raw(String method, String path, String... lines) throws IOException {
    String head = method + " " + path + " HTTP/1.1\r\nConnection: close\r\n";
    String rest = String.join("\r\n", lines);
    String end = List.of(lines).contains("") ? "" : "\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((head + rest + end).getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  ApplicationContext context() {
    return server.getApplicationContext();
  }

  /**
   * Sends a request.
   *
   * @param headers names and values in turn
   */
  HttpResponse<String> send(String method, String path, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> sendWithKey(String method, String path, String key) throws Exception {
    return send(method, path, "Authorization", "Bearer " + key);
  }

  @Override
  public void close() {
    server.getApplicationContext().close();
  }
}
