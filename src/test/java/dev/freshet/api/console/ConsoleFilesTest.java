package dev.freshet.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser and what a program get of the console. */
class ConsoleFilesTest {

  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

  private static EmbeddedServer server;

  @BeforeAll
  static void start() {
    server =
        ApplicationContext.run(EmbeddedServer.class, Map.of("micronaut.server.port", -1), "fakes");
  }

  @AfterAll
  static void stop() {
    server.getApplicationContext().close();
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.getURL() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void aBrowserGetsThePage() throws Exception {
    var page = get("/", "Accept", BROWSER);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(header(page, "Vary")).contains("Accept");
    assertThat(page.body()).startsWith("<!doctype html>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "*/*",
        "application/json,text/html",
        "text/html;q=0.5,application/json"
      })
  void aProgramGetsTheListOfCalls(String accept) throws Exception {
    var answer = get("/", "Accept", accept);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).startsWith("application/json");
    assertThat(answer.body()).contains("\"name\":\"freshet\"", "GET /search");
  }

  @Test
  void whoDoesNotSayWhatIsWantedGetsTheListOfCalls() throws Exception {
    assertThat(get("/").body()).startsWith("{");
  }

  @ParameterizedTest
  @CsvSource({
    "/console/console.css, text/css;charset=utf-8",
    "/console/app.js, text/javascript;charset=utf-8",
    "/console/icon.svg, image/svg+xml;charset=utf-8",
    "/console/vendor/uplot.js, text/javascript;charset=utf-8",
    "/console/vendor/uplot.css, text/css;charset=utf-8",
    "/console/swagger-ui.css, text/css;charset=utf-8",
    "/console/swagger-ui-bundle.js, text/javascript;charset=utf-8",
    "/openapi, text/html;charset=utf-8",
    "/openapi.yaml, application/yaml;charset=utf-8"
  })
  void thePagesFilesHaveTheirTypes(String path, String type) throws Exception {
    var file = get(path, "Accept", "*/*");

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(header(file, "Content-Type")).isEqualTo(type);
  }

  @Test
  void thePageRunsNothingFromElsewhereAndInsideNoOtherPage() throws Exception {
    for (var path : new String[] {"/", "/console/app.js"}) {
      var answer = get(path, "Accept", BROWSER);
      assertThat(header(answer, "Content-Security-Policy"))
          .contains("default-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    }
  }

  @Test
  void theApisPageLeadsFromASlashToItsAddress() throws Exception {
    var answer = get("/openapi/", "Accept", BROWSER);

    assertThat(answer.statusCode()).isEqualTo(307);
    assertThat(header(answer, "Location")).isEqualTo("../openapi");
  }

  @Test
  void theApisPageHasStylesOfItsOwnAndNoScriptsFromElsewhere() throws Exception {
    assertThat(header(get("/openapi", "Accept", BROWSER), "Content-Security-Policy"))
        .contains(
            "default-src 'self'", "style-src 'self' 'unsafe-inline'", "frame-ancestors 'none'")
        .doesNotContain("script-src");
  }

  @Test
  void theOnlyInlineScriptIsTheOneThatThePolicyNames() throws Exception {
    var page = get("/", "Accept", BROWSER);
    var scripts =
        Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL)
            .matcher(page.body())
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(scripts).hasSize(1);
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(scripts.get(0).getBytes(StandardCharsets.UTF_8));
    assertThat(header(page, "Content-Security-Policy"))
        .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
  }

  @Test
  void aFileIsSentAgainOnlyWhenItChanged() throws Exception {
    var first = get("/console/app.js");
    String tag = header(first, "ETag");

    var second = get("/console/app.js", "If-None-Match", "\"other\", W/" + tag);
    var changed = get("/console/app.js", "If-None-Match", "\"other\"");

    assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
    assertThat(tag).matches("\"[0-9a-f]{64}\"");
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(header(second, "ETag")).isEqualTo(tag);
    assertThat(changed.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/absent.js",
        "/console/application.yml",
        "/console/vendor/absent.js",
        "/console/vendor/..%2Fapp.js",
        "/console/..%2Fapplication.yml",
        "/console/%2e%2e%2flogback.xml",
        "/console/index"
      })
  void nothingElseIsHandedOut(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }
}
