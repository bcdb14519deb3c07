package dev.freshet.api.access;

import static dev.freshet.api.access.KeyedServer.ADMIN_KEY;
import static dev.freshet.api.access.KeyedServer.READ_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call what. */
class AccessTest {

  /** All that strangers may call; whoever adds a line has thought about it. */
  private static final Set<String> OPEN =
      Set.of(
          "GET /",
          "GET /console/{file}",
          "GET /console/vendor/{file}",
          "GET /health",
          "GET /health/{selector}",
          "GET /openapi",
          "GET /openapi.yaml");

  private static KeyedServer server;

  @BeforeAll
  static void start() {
    server = KeyedServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Calls of somebody who forgot to say who may call them. */
  @Controller("/forgotten")
  @Requires(env = "fakes")
  static final class ForgottenController {

    @Get
    String look() {
      return "seen";
    }

    @Post
    String change() {
      return "changed";
    }
  }

  @Test
  void everyRouteOfTheServerWantsAKeyButTheOpenOnes() throws Exception {
    var open = new TreeSet<String>();
    var changing = new TreeSet<String>();
    var routes = server.context().getBean(Router.class).uriRoutes().toList();
    assertThat(routes).hasSizeGreaterThan(7);
    for (UriRouteInfo<?, ?> route : routes) {
      String method = route.getHttpMethodName();
      String template = route.getUriMatchTemplate().toPathString();
      String path = template.replaceAll("\\{([^{}]|\\[.*?])*}", "public.products");
      if (method.equals("HEAD") || method.equals("OPTIONS")) {
        continue;
      }
      if (server.send(method, path).statusCode() != 401) {
        open.add(method + " " + template);
      } else if (!method.equals(HttpMethod.GET.name())) {
        changing.add(method + " " + template);
        assertThat(server.sendWithKey(method, path, READ_KEY).statusCode())
            .as("%s %s with a key that may only read", method, template)
            .isEqualTo(403);
      }
    }
    assertThat(open).isEqualTo(OPEN);
    assertThat(changing).contains("POST /events", "POST /forgotten");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /search?q=x, 401, 200, 200",
    "GET, /documents/public.products/1, 401, 200, 200",
    "GET, /prometheus, 401, 200, 200",
    "POST, /events, 401, 403, 400",
    "GET, /dead-letters, 401, 200, 200",
    "GET, /dead-letters/none, 401, 403, 404",
    "POST, /dead-letters/replay, 401, 403, 200",
    "DELETE, /dead-letters/none, 401, 403, 404",
    "GET, /jobs, 401, 200, 200",
    "GET, /jobs/none, 401, 404, 404",
    "POST, /jobs/none/cancel, 401, 403, 404",
    "GET, /info, 401, 200, 200",
    "GET, /loggers, 401, 403, 200",
    "POST, /loggers/none?level=INFO, 401, 403, 400",
    "DELETE, /loggers/none, 401, 403, 400",
    "POST, /backfills, 401, 403, 400",
    "POST, /drift-checks, 401, 403, 400",
    "POST, /reindexes, 401, 403, 400",
    "GET, /forgotten, 401, 200, 200",
    "POST, /forgotten, 401, 403, 200",
    "GET, /, 200, 200, 200",
    "GET, /health/liveness, 200, 200, 200",
    "HEAD, /search?q=x, 401, 200, 200",
    "GET, /nothing, 404, 404, 404",
    "GET, /events, 405, 405, 405",
    "DELETE, /search, 405, 405, 405"
  })
  void aCallWantsTheRoleThatItsEffectAsksFor(
      String method, String path, int withoutKey, int withReadKey, int withAdminKey)
      throws Exception {
    assertThat(server.send(method, path).statusCode()).isEqualTo(withoutKey);
    assertThat(server.sendWithKey(method, path, READ_KEY).statusCode()).isEqualTo(withReadKey);
    assertThat(server.sendWithKey(method, path, ADMIN_KEY).statusCode()).isEqualTo(withAdminKey);
  }

  @Test
  void theKeyMayAlsoTravelInAHeaderOfItsOwn() throws Exception {
    assertThat(server.send("GET", "/search?q=x", "X-API-Key", READ_KEY).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Bearer " + READ_KEY + "x",
        "Basic ZnJlc2hldDpmcmVzaGV0",
        READ_KEY
      })
  void anythingElseIsNoKey(String authorization) throws Exception {
    HttpResponse<String> answer = server.send("GET", "/search?q=x", "Authorization", authorization);

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void theHashInTheConfigurationIsNoKey() throws Exception {
    String hash = KeyedServer.sha256(ADMIN_KEY);

    assertThat(server.sendWithKey("GET", "/search?q=x", hash).statusCode()).isEqualTo(401);
  }

  @Test
  void withoutAKeyTheAnswerSaysHowToSendOne() throws Exception {
    HttpResponse<String> answer = server.send("POST", "/events");

    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer realm=\"freshet\"");
    assertThat(answer.body())
        .contains("\"status\":401")
        .contains("POST /events needs one: send the header 'Authorization: Bearer <key>'")
        .doesNotContain("not known");
  }

  @Test
  void anUnknownKeyIsNotQuoted() throws Exception {
    HttpResponse<String> answer = server.sendWithKey("GET", "/search?q=x", "s3cret");

    assertThat(answer.body()).contains("is not known here").doesNotContain("s3cret");
  }

  @Test
  void aKeyOfTheWrongRoleIsToldSo() throws Exception {
    HttpResponse<String> answer = server.sendWithKey("POST", "/events", READ_KEY);

    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(answer.body()).contains("\"status\":403").contains("needs a key of the role admin");
  }

  @Test
  void freshnessSaysWhetherTheKeyMayChangeSomething() throws Exception {
    assertThat(server.sendWithKey("GET", "/freshness", READ_KEY).body())
        .contains("\"mayChange\":false");
    assertThat(server.sendWithKey("GET", "/freshness", ADMIN_KEY).body())
        .contains("\"mayChange\":true");
    try (var open = KeyedServer.start(Map.of())) {
      assertThat(open.send("GET", "/freshness").body()).contains("\"mayChange\":true");
    }
  }

  @Test
  void healthTellsItsReasonsToThoseWithAKeyOnly() throws Exception {
    assertThat(server.send("GET", "/health").body())
        .contains("\"status\":\"UP\"")
        .contains("\"details\":null");
    assertThat(server.sendWithKey("GET", "/health", READ_KEY).body()).contains("\"feed\":{");
  }

  @Test
  void withoutKeysOnLoopbackEverythingIsOpen() throws Exception {
    try (var open = KeyedServer.start(Map.of())) {
      assertThat(open.send("POST", "/forgotten").statusCode()).isEqualTo(200);
      assertThat(open.send("GET", "/prometheus").statusCode()).isEqualTo(200);
      assertThat(open.send("GET", "/health").body()).contains("\"feed\":{");
      assertThat(open.sendWithKey("GET", "/search?q=x", "left over").statusCode()).isEqualTo(200);
    }
  }
}
