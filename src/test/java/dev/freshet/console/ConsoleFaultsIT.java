package dev.freshet.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.Browser;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.TcpProxy;
import dev.freshet.support.TestSchema;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What the console says when something is down, or when somebody may not do everything. */
@Tag("browser")
class ConsoleFaultsIT {

  private static final String ADMIN_KEY = "freshet_admin-key-of-a-test";
  private static final String READ_KEY = "freshet_read-key-of-a-test";

  private static Browser browser;

  @RegisterExtension static final Failures FAILURES = new Failures(() -> browser);

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    browser.close();
  }

  @Test
  void anIndexThatIsDownIsSaidAndSoIsAServiceThatIsGone() throws Exception {
    URI postgres = URI.create(Services.jdbcUrl().substring("jdbc:".length()));
    try (var schema = new TestSchema();
        var proxy = new TcpProxy(postgres.getHost(), postgres.getPort())) {
      var properties = Shop.properties(folder);
      properties.put("freshet.sink", "pgvector");
      properties.put(
          "freshet.jdbc.url",
          Services.jdbcUrl()
              .replace(
                  postgres.getHost() + ":" + postgres.getPort(),
                  proxy.host() + ":" + proxy.port()));
      properties.put("freshet.jdbc.schema", schema.name());
      properties.put("freshet.jdbc.timeout", "1s");
      properties.put("freshet.indexing.retry-initial", "50ms");
      try (var server = FreshetServer.start(properties)) {
        Shop.post(server, Shop.product(1, 1, "Ember stove", "Boils water in the cold."));
        Shop.awaitState(server, 1, "indexed");
        browser.open(server.url() + "/#q=stove");
        browser.awaitText("#hits", "public.products/1");
        assertThat(browser.errors()).isEmpty();

        proxy.refuse();
        browser.fill("#q", "water\n");
        browser.awaitText("#search-status", "The index does not answer");
        browser.awaitText("#problems", "The index does not answer");
        browser.awaitText("#headline", "STUCK");
        browser.awaitText("#stages [data-stage=store]", "stopped");

        proxy.resume();
        browser.awaitNoText("#problems", "The index does not answer");
        browser.fill("#q", "water\n");
        browser.awaitText("#hits", "public.products/1");
      }
      browser.awaitText("#problems", "Freshet does not answer");
      assertThat(browser.text("#problems")).contains("What you see is from");
      assertThat(browser.text("#headline")).matches("NO ANSWER · since \\d\\d:\\d\\d:\\d\\d");
      assertThat((String) browser.run("return document.querySelector('link[rel=icon]').href"))
          .as("an icon that nobody needs to hand out")
          .startsWith("data:image/svg+xml,%3Csvg");
      assertThat(browser.all("#problems p")).as("the one true thing").hasSize(1);
      assertThat(browser.find("#pipeline").isDisplayed()).isFalse();
      assertThat(browser.find("#figures").isDisplayed()).isFalse();
      assertThat(browser.find("#lag-panel").isDisplayed()).isFalse();
      assertThat(browser.all("fieldset.column :is(input, button):enabled"))
          .as("nothing can be asked")
          .isEmpty();
      assertThat(browser.find("#q").getDomProperty("value")).isEqualTo("water");
    }
    assertThat(browser.errors("status of 503", "ERR_CONNECTION")).isEmpty();
  }

  @Test
  void aKeyIsAskedForAndKeptInThisTabOnly() throws Exception {
    var properties = Shop.properties(folder);
    properties.put("freshet.access.admin-key-sha256", sha256(ADMIN_KEY));
    properties.put("freshet.access.read-key-sha256", sha256(READ_KEY));
    try (var server = FreshetServer.start(properties, new MendableModel())) {
      browser.open(server.url());
      browser.awaitText("#headline", "An API key is needed");
      assertThat(browser.all("h1, h2"))
          .filteredOn(heading -> heading.getText().equals("An API key is needed"))
          .as("said once")
          .hasSize(1);
      assertThat(browser.focused().getDomAttribute("type")).isEqualTo("password");
      assertThat(browser.accessibilityViolations()).isEmpty();
      assertThat(browser.all("section"))
          .filteredOn(WebElement::isDisplayed)
          .extracting(section -> section.getDomAttribute("id"))
          .as("the key is asked for alone")
          .containsExactly("status", "key-panel");

      browser.type("a-key-that-nobody-knows", Keys.ENTER);
      browser.awaitText("#key-reason", "does not know this key");
      browser.fill("#key", READ_KEY + "\n");
      browser.awaitText("#figures", "running");
      browser.fill("#q", "stove\n");
      browser.awaitText("#search-status", "No hit");

      browser.awaitText("#figures", "the key in use may only read");
      assertThat(browser.text("#figures")).contains("running").doesNotContain("Pause");
      server.post(
          "/events",
          Shop.product(1, 1, "Lantern", MendableModel.REFUSED_WORD),
          "X-API-Key",
          ADMIN_KEY);
      browser.awaitText("#dead-letters", "refused-by-sink");
      assertThat(browser.all("#dead-letters .actions button"))
          .as("what the key cannot do is not offered")
          .noneMatch(WebElement::isDisplayed);
      assertThat(browser.find("#replay-all").isDisplayed()).isFalse();

      assertThat(browser.run("return Object.values(sessionStorage).join()")).isEqualTo(READ_KEY);
      assertThat(browser.run("return localStorage.length + document.cookie.length")).isEqualTo(0L);
      assertThat(browser.address()).doesNotContain(READ_KEY);

      browser.press("Forget the API key");
      browser.awaitText("#headline", "An API key is needed");
      browser.fill("#key", ADMIN_KEY + "\n");
      browser.awaitText("#figures", "running");
      browser.awaitText("#dead-letters", "Replay");
      browser.press("Pause …");
      browser.press("Pause");
      browser.awaitText("#problems", "Consumption is paused");
    }
    assertThat(browser.errors("status of 401", "ERR_CONNECTION")).isEmpty();
  }

  private static String sha256(String key) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash);
  }
}
