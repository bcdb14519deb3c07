package dev.freshet.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.freshet.support.Browser;
import dev.freshet.support.FreshetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a page of somebody else reaches through a real browser on the same machine. */
@Tag("browser")
class ForeignPagesIT {

  private static final String NAME = "evil.example";

  @TempDir private static Path folder;

  private static FreshetServer server;
  private static HttpServer foreign;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    server = FreshetServer.start(Shop.properties(folder));
    foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    foreign.createContext(
        "/",
        exchange -> {
          byte[] page = "<title>A page</title>".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    foreign.start();
    browser = Browser.start("--host-resolver-rules=MAP " + NAME + " 127.0.0.1");
  }

  @AfterAll
  static void stop() {
    browser.close();
    foreign.stop(0);
    server.close();
  }

  private static int port() {
    return URI.create(server.url()).getPort();
  }

  private static void openForeignPage() {
    browser.open("http://" + NAME + ":" + foreign.getAddress().getPort() + "/");
  }

  /** Sends a call as a page can without the other side's consent; waits until it was answered. */
  private static Object send(String address, String options) {
    return browser.await(
        "fetch('http://%s:%d%s)".formatted(address, port(), options)
            + ".then((answer) => answer.type + ' ' + answer.status, (failure) => String(failure))");
  }

  private static String state() {
    return server.get("/consumption").json().path("state").asText();
  }

  @Test
  void aPageElsewhereDoesNotPauseConsumption() {
    openForeignPage();

    for (String address : new String[] {"0.0.0.0", "127.0.0.1", "localhost", NAME}) {
      send(address, "/consumption/pause', {method: 'POST', mode: 'no-cors'}");
      assertThat(state()).as(address).isEqualTo("running");
    }
  }

  @Test
  void aPageElsewhereDoesNotPostEvents() {
    openForeignPage();
    String event =
        "new Blob([JSON.stringify({op: 'c', after: {id: 7, title: 'Forged'},"
            + " source: {schema: 'public', table: 'products'}})])";

    for (String address : new String[] {"0.0.0.0", "127.0.0.1", "localhost", NAME}) {
      send(address, "/events', {method: 'POST', mode: 'no-cors', body: " + event + "}");
    }

    assertThat(server.get("/documents/public.products/7").json().path("state").asText())
        .isEqualTo("unknown");
    assertThat(server.get("/documents/public.products/7").body()).doesNotContain("Forged");
  }

  @Test
  void aNameThatWasMadeToLeadHereReadsNothing() {
    browser.open("http://" + NAME + ":" + port() + "/");

    assertThat(browser.text("body")).contains("421");
    Object read =
        browser.await("fetch('/search?q=x').then((answer) => answer.text(), (failure) => '')");
    assertThat(String.valueOf(read))
        .contains("freshet.access.allowed-hosts")
        .doesNotContain("hits");
    browser.await("fetch('/consumption/pause', {method: 'POST'}).then(() => 0, () => 0)");
    assertThat(state()).isEqualTo("running");
  }

  @Test
  void theConsolesOwnPagePausesAndResumes() {
    browser.open("http://localhost:" + port() + "/");
    browser.awaitText("#figures", "running");

    browser.press("Pause …");
    browser.press("Pause");
    browser.awaitText("#problems", "paused");
    browser.press("Resume");
    browser.awaitText("#figures", "running");
    assertThat(state()).isEqualTo("running");
  }
}
