package dev.freshet.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of somebody else make a browser send. */
class PagesElsewhereRefusedTest {

  private static KeyedServer open;

  @BeforeAll
  static void start() {
    open = KeyedServer.start(Map.of("freshet.access.allowed-hosts", "freshet.example.org,::2"));
  }

  @AfterAll
  static void stop() {
    open.close();
  }

  private static int status(KeyedServer server, String method, String... headers) throws Exception {
    String answer = server.raw(method, "/forgotten", headers);
    return Integer.parseInt(answer.split(" ", 3)[1]);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LocalHost:PORT, 200",
    "localhost.:PORT, 200",
    "freshet.localhost, 200",
    "127.0.0.1:PORT, 200",
    "127.8.8.8, 200",
    "[::1]:8080, 200",
    "freshet.example.org, 200",
    "FRESHET.example.org:8443, 200",
    "[::2], 200",
    "evil.example, 421",
    "evil.example:PORT, 421",
    "localhost.evil.example, 421",
    "evil.example#localhost, 421",
    "localhost@evil.example, 421",
    "0.0.0.0:PORT, 421",
    "[::]:PORT, 421",
    "192.0.2.1, 421",
    "2130706433, 421",
    "'', 421",
    "'localhost, evil.example', 421"
  })
  void withoutKeysOnlyNamesOfThisServiceAreAnswered(String host, int status) throws Exception {
    String named = host.replace("PORT", String.valueOf(open.port()));

    assertThat(status(open, "GET", "Host: " + named)).isEqualTo(status);
    assertThat(status(open, "POST", "Host: " + named)).isEqualTo(status);
  }

  @Test
  void aSecondHostDoesNotHideBehindTheFirst() throws Exception {
    assertThat(status(open, "GET", "Host: localhost", "Host: evil.example")).isIn(400, 421);
  }

  @Test
  void theRefusalOfANameSaysWhereToAllowIt() throws Exception {
    assertThat(open.raw("GET", "/health", "Host: evil.example"))
        .contains(" 421 ", "application/problem+json", "nosniff")
        .contains("'evil.example' is not a known name", "freshet.access.allowed-hosts");
  }

  @ParameterizedTest
  @CsvSource({
    "Origin: http://localhost:PORT, 200",
    "Origin: http://localhost:80, 403",
    "Origin: https://evil.example, 403",
    "Origin: http://localhost:3000, 403",
    "Origin: http://127.0.0.1:PORT, 403",
    "Origin: null, 403",
    "Origin: file://, 403",
    "Origin: chrome-extension://abcdef, 403",
    "Origin: https://freshet.example.org, 200",
    "Sec-Fetch-Site: same-origin, 200",
    "Sec-Fetch-Site: none, 200",
    "Sec-Fetch-Site: same-site, 403",
    "Sec-Fetch-Site: cross-site, 403",
    "Sec-Fetch-Site: anything-new, 403",
    "X-Nothing: 1, 200"
  })
  void onlyAPageOfThisServiceChangesSomething(String header, int status) throws Exception {
    String sent = header.replace("PORT", String.valueOf(open.port()));
    String host = "Host: localhost:" + open.port();

    assertThat(status(open, "POST", host, sent)).isEqualTo(status);
    assertThat(status(open, "GET", host, sent)).as("looking").isEqualTo(200);
  }

  @Test
  void aPageBehindAProxyWithTlsIsOwn() throws Exception {
    assertThat(status(open, "POST", "Host: freshet.localhost", "Origin: https://freshet.localhost"))
        .isEqualTo(200);
  }

  @Test
  void everyCallThatChangesSomethingIsGuarded() throws Exception {
    var changing = new TreeSet<String>();
    for (UriRouteInfo<?, ?> route : open.context().getBean(Router.class).uriRoutes().toList()) {
      String method = route.getHttpMethodName();
      String path =
          route.getUriMatchTemplate().toPathString().replaceAll("\\{([^{}]|\\[.*?])*}", "x.y");
      if (Set.of("GET", "HEAD", "OPTIONS").contains(method)) {
        continue;
      }
      changing.add(method + " " + path);
      assertThat(open.raw(method, path, "Host: localhost", "Origin: https://evil.example"))
          .as("%s %s", method, path)
          .contains(" 403 ");
    }
    assertThat(changing)
        .contains("POST /events", "POST /consumption/pause", "DELETE /dead-letters/x.y");
  }

  @Test
  void aKeyDoesNotLetAPageElsewhereChangeSomething() throws Exception {
    try (var keyed = KeyedServer.start()) {
      String key = "X-API-Key: " + KeyedServer.ADMIN_KEY;

      assertThat(status(keyed, "POST", "Host: freshet.example.org", key)).isEqualTo(200);
      assertThat(
              status(
                  keyed,
                  "POST",
                  "Host: freshet.example.org",
                  key,
                  "Origin: https://freshet.example.org"))
          .isEqualTo(200);
      assertThat(
              status(
                  keyed, "POST", "Host: freshet.example.org", key, "Origin: https://evil.example"))
          .isEqualTo(403);
    }
  }

  @Test
  void forwardedHeadersOfStrangersDoNotCount() throws Exception {
    assertThat(status(open, "GET", "Host: evil.example", "X-Forwarded-Host: localhost"))
        .isEqualTo(421);
    assertThat(status(open, "GET", "Host: evil.example", "Forwarded: host=localhost"))
        .isEqualTo(421);
    assertThat(status(open, "GET", "Host: localhost", "X-Forwarded-Host: evil.example"))
        .isEqualTo(200);
  }

  @Test
  void forwardedHeadersOfAConfiguredProxyCount() throws Exception {
    var settings = new HashMap<String, Object>();
    settings.put("freshet.access.trusted-proxies", "10.0.0.7,127.0.0.0/8");
    settings.put("freshet.access.allowed-hosts", "freshet.example.org");
    try (var behind = KeyedServer.start(settings)) {
      String own = "Origin: https://freshet.example.org";

      assertThat(status(behind, "GET", "Host: localhost", "X-Forwarded-Host: evil.example"))
          .isEqualTo(421);
      assertThat(
              status(
                  behind,
                  "GET",
                  "Host: localhost",
                  "X-Forwarded-Host: freshet.example.org, evil.example"))
          .as("the last proxy's word counts")
          .isEqualTo(421);
      assertThat(status(behind, "POST", "Host: app", "X-Forwarded-Host: freshet.example.org", own))
          .isEqualTo(200);
      assertThat(
              status(
                  behind,
                  "POST",
                  "Host: app",
                  "Forwarded: for=192.0.2.60;proto=https;host=\"freshet.example.org\"",
                  own))
          .isEqualTo(200);
    }
  }

  @Test
  void aBodyNeedsItsContentType() throws Exception {
    String withoutType =
        open.raw("POST", "/events", "Host: localhost", "Content-Length: 2", "", "{}");
    String withAPagesType =
        open.raw(
            "POST",
            "/events",
            "Host: localhost",
            "Content-Type: text/plain",
            "Content-Length: 2",
            "",
            "{}");

    assertThat(withoutType).contains(" 415 ", "Content-Type: application/json'");
    assertThat(withAPagesType).contains(" 415 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health", "/nothing", "/console/app.js", "/search", "/%zz"})
  void everyAnswerForbidsToGuessItsType(String path) throws Exception {
    assertThat(open.raw("GET", path, "Host: localhost").toLowerCase(Locale.ROOT))
        .contains("x-content-type-options: nosniff");
  }

  @ParameterizedTest
  @CsvSource({
    "freshet.access.allowed-hosts, http://freshet.example.org, is not a host's name",
    "freshet.access.allowed-hosts, freshet.example.org:8080, without scheme and port",
    "freshet.access.trusted-proxies, proxy.example.org, is not an address or a network",
    "freshet.access.trusted-proxies, 10.0.0.0/x, is not an address or a network",
    "freshet.access.trusted-proxies, 10.0.0.0/99, is not an address or a network"
  })
  void aNameThatCannotBeMeantEndsTheStart(String key, String value, String message) {
    assertThatThrownBy(() -> KeyedServer.start(Map.of(key, value)).close())
        .hasStackTraceContaining(message);
  }
}
