package dev.freshet.console;

import static dev.freshet.console.Shop.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.Browser;
import dev.freshet.support.FreshetServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What people do with the console, in a real browser and with the real service. */
@Tag("browser")
class ConsoleIT {

  private static final int STOVE = 101;
  private static final int HOSTILE = 102;
  private static final String HTML = "<img src=x onerror=\"window.harmed=1\"><b>Bold</b>";

  @TempDir private static Path folder;

  private static final MendableModel MODEL = new MendableModel();

  private static FreshetServer server;
  private static Browser browser;

  @RegisterExtension static final Failures FAILURES = new Failures(() -> browser);

  /** Parts of the browser's complaints that a test provokes. */
  private String[] expected = {};

  @BeforeAll
  static void start() {
    server = FreshetServer.start(Shop.properties(folder), MODEL);
    browser = Browser.start();
    Shop.post(
        server, Shop.product(STOVE, 1, "Ember stove", "Boils water in the cold, for hot drinks."));
    Shop.post(server, Shop.product(HOSTILE, 1, HTML, "A row with markup in its title"));
    Shop.awaitState(server, HOSTILE, "indexed");
  }

  @AfterAll
  static void stop() {
    browser.close();
    server.close();
  }

  @BeforeEach
  void sitDown() {
    MODEL.mended(false);
    browser.forgetPretence();
    browser.viewport(1280, 900);
    browser.colorScheme("light");
    browser.errors();
  }

  @AfterEach
  void nothingWasWrongInTheBrowser() {
    assertThat(browser.errors(expected)).isEmpty();
  }

  @Test
  void aSearchShowsHitsWithTheirWordsMarkedAndHowOldTheyAre() {
    browser.open(server.url());
    browser.awaitText("#hits", "press Enter");

    browser.fill("#q", "hot drinks\n");

    browser.awaitText("#search-status", "segments of");
    WebElement hit = browser.find("#hits li:first-child");
    assertThat(hit.getText()).contains("public.products/101", "Committed", "searchable after");
    assertThat(hit.getText()).containsPattern("ago|just now");
    assertThat(browser.all("#hits li:first-child mark"))
        .extracting(WebElement::getText)
        .containsExactly("hot", "drinks");
  }

  @Test
  void aLinkShowsTheSameSearchAndBackTheOneBefore() {
    browser.open(server.url() + "/#q=hot+drinks&mode=keyword&filter=category+%3D+%27camping%27");
    browser.awaitText("#search-status", "1 segment of 1 document");
    assertThat(browser.find("#filter").getDomProperty("value")).isEqualTo("category = 'camping'");

    browser.fill("#q", "markup\n");
    browser.awaitText("#hits", "public.products/102");
    assertThat(browser.address()).contains("q=markup", "mode=keyword");

    browser.back();
    browser.awaitText("#hits", "public.products/101");
    assertThat(browser.find("#q").getDomProperty("value")).isEqualTo("hot drinks");
  }

  @Test
  void aFaultyFilterIsNamedAtItsField() {
    expected = new String[] {"status of 400"};
    browser.open(server.url());
    browser.fill("#filter", "price <");
    browser.fill("#q", "stove\n");

    browser.awaitText("#search-status", "not answered");
    assertThat(browser.find("#filter").getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(browser.text("#hits")).isNotBlank();
  }

  @Test
  void aChangeIsFollowedUntilItIsSearchable() {
    browser.open(server.url());
    browser.fill("#document-table", TABLE);
    browser.fill("#document-key", "201");
    browser.press("Follow its next change");
    browser.awaitText("#follow-status", "waiting for its next change");
    browser.awaitText("#document", "No change of it was ever applied");
    assertThat(browser.address()).contains("key=201", "follow=1");

    Shop.post(server, Shop.product(201, 1, "Folding kettle", "For two cups of tea"));

    browser.awaitText("#follow-status", "public.products/201 is searchable");
    browser.awaitText("#document", "Committed");
    assertThat(browser.text("#document")).contains("Received", "Searchable", "indexed");
    browser.find("#follow-document");
    assertThat(browser.text("#follow-document")).isEqualTo("Follow its next change");
  }

  @Test
  void aLinkFollowsOneTransactionAndNoOther() {
    expected = new String[] {"status of 400", "status of 504"};
    long transaction = Shop.transaction(202, 2);
    browser.open(server.url() + "/#table=" + TABLE + "&key=202&tx=" + transaction + "&follow=1");
    browser.awaitText("#follow-status", "waiting for transaction " + transaction);

    Shop.post(server, Shop.product(202, 1, "Tin cup", "Another transaction"));
    browser.awaitText("#document", String.valueOf(Shop.transaction(202, 1)));
    assertThat(browser.text("#follow-status")).contains("waiting");

    Shop.post(server, Shop.product(202, 2, "Tin cup", "The one that is followed"));
    browser.awaitText("#follow-status", "public.products/202 is searchable");
  }

  @Test
  void followingEndsWhenTheChangeIsGivenUp() {
    browser.open(server.url() + "/#table=" + TABLE + "&key=203&follow=1");
    browser.awaitText("#follow-status", "waiting");

    Shop.postDeadLetter(server, 203, "Lantern");

    browser.awaitText("#follow-status", "was given up: refused-by-sink");
    browser.awaitText("#document", "Replay it");
    server.delete("/dead-letters/" + letter(203));
  }

  @Test
  void aDeadLetterIsReplayedAndAnotherOneDiscarded() {
    Shop.postDeadLetter(server, 301, "Rope");
    Shop.postDeadLetter(server, 302, "Anchor");
    browser.open(server.url());
    browser.awaitText("#dead-letters", "refused-by-sink");

    browser.press("Replay public.products/301");
    browser.awaitText("#dead-letters-status", "1 failed again");
    MODEL.mended(true);
    browser.press("Replay public.products/301");
    browser.awaitText("#dead-letters-status", "1 indexed now");
    Shop.awaitState(server, 301, "indexed");
    browser.awaitNoText("#dead-letters", "public.products/301");

    browser.press("Look public.products/302");
    browser.awaitText("#look", "Anchor");
    browser.type(Keys.ESCAPE);
    browser.press("Discard public.products/302");
    browser.awaitText("#question", "given up for good");
    browser.press("Cancel");
    assertThat(browser.text("#dead-letters")).contains("public.products/302");
    browser.press("Discard public.products/302");
    browser.press("Discard for good");
    browser.awaitText("#dead-letters-status", "Discarded");
    browser.awaitText("#dead-letters", "None.");
    assertThat(server.get("/dead-letters").json().path("deadLetters")).isEmpty();
  }

  @Test
  void consumptionIsPausedWithAReasonAndResumed() {
    browser.open(server.url());
    browser.press("Pause …");
    browser.type("we move the <b>database</b>", Keys.ENTER);

    browser.awaitText("#problems", "Consumption is paused");
    browser.awaitText("#problems", "we move the <b>database</b>");
    browser.press("Resume");
    browser.awaitText("#figures", "running");
    assertThat(browser.all("#problems p")).isEmpty();
  }

  @Test
  void everythingCanBeDoneByKeyboard() {
    browser.open(server.url());
    browser.awaitText("#figures", "running");
    browser.type("/");
    assertThat(browser.focused().getDomAttribute("id")).isEqualTo("q");
    browser.type("hot drinks", Keys.ENTER);
    browser.awaitText("#search-status", "segments of");

    var order = new ArrayList<String>();
    for (int stop = 0; stop < 6; stop++) {
      browser.tab();
      order.add(browser.focused().getAccessibleName());
      assertThat(browser.run(FOCUS_IS_VISIBLE, browser.focused()))
          .as(order.toString())
          .isEqualTo(true);
    }
    assertThat(order)
        .containsExactly("Search", "Vector", "Hits", "Table", "Filter", "public.products/101");

    browser.type(Keys.ENTER);
    browser.awaitText("#document", "indexed");
    assertThat(browser.focused().getText()).isEqualTo("A document");
    browser.awaitText("#document", "found: ");
    browser.awaitText("#tables", TABLE);
    browser.type(Keys.ESCAPE);
    assertThat(browser.focused().getText()).isEqualTo("public.products/101");
    browser.awaitText("#document", "Choose a hit");
  }

  private static final String FOCUS_IS_VISIBLE =
      """
      const shown = arguments[0].type === 'radio' ? arguments[0].nextElementSibling : arguments[0];
      const style = getComputedStyle(shown);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      """;

  @Test
  void whatRowsHoldIsNeverHtml() {
    browser.open(server.url() + "/#q=markup&table=" + TABLE + "&key=" + HOSTILE);

    browser.awaitText("#hits", HTML);
    browser.awaitText("#document", "indexed");
    browser.find("#hits details summary").click();
    browser.awaitText("#hits .facts", HTML);
    assertThat(browser.run("return window.harmed === undefined")).isEqualTo(true);
    assertThat(browser.all("img, b")).isEmpty();
  }

  @Test
  void aPhoneShowsEverythingWithoutScrollingSideways() {
    browser.viewport(360, 740);
    browser.pretend(Answers.BUSY);
    browser.open(server.url() + "/#q=drinks&table=" + TABLE + "&key=" + STOVE);
    browser.awaitText("#document", "indexed");
    browser.awaitText("#hits", "public.products/101");
    browser.awaitText("#history", "commit → searchable");

    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(360L);
    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextHasContrastAndEveryControlItsName(String scheme) {
    browser.colorScheme(scheme);
    browser.pretend(Answers.TROUBLED);
    browser.open(server.url() + "/#q=hot+drinks&table=" + TABLE + "&key=" + STOVE);
    browser.awaitText("#hits", "public.products/101");
    browser.awaitText("#document", "below k");
    browser.awaitText("#problems", "Heartbeats came from the source");
    browser.awaitText("#tables", "public.reviews");
    browser.awaitText("#dead-letters", "missing-column");

    assertThat((List<?>) browser.run(TOO_FAINT)).isEmpty();
    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  @Test
  void theLastMinutesAreDrawnAndTold() {
    browser.pretend(Answers.BUSY);
    browser.open(server.url());

    browser.awaitText("#headline", "Searchable up to 0/16B3748, 42 ms behind");
    browser.awaitText("#history", "half of the changes were searchable within 42 ms");
    assertThat(browser.text("#history"))
        .contains("median 25 ms, 95th percentile 60 ms", "newest 24");
    assertThat(browser.all("#history .range")).hasSize(5);
    assertThat(browser.text("#tables")).contains("98,231");
    assertThat(browser.text("#figures")).contains("except 1 failed document", "2 calls waiting");
  }

  @Test
  void itWorksUnderAPrefixWithoutASlashBehindAProxy() throws Exception {
    expected = new String[] {"status of 404"};
    try (var proxy = PrefixProxy.start("/freshet", server.url())) {
      browser.open(proxy.url() + "/freshet#q=hot+drinks");
      browser.awaitText("#hits", "public.products/101");
      browser.awaitText("#figures", "running");
      browser.press("Pause …");
      browser.press("Pause");
      browser.awaitText("#problems", "Consumption is paused");
      browser.press("Resume");
      browser.awaitText("#figures", "running");
      assertThat(browser.address()).contains("/freshet/#q=hot");
    }
  }

  @Test
  void nothingIsAnEmptyBoxOnAnEmptyIndex(@TempDir Path nothing) {
    try (var fresh = FreshetServer.start(Shop.properties(nothing))) {
      browser.open(fresh.url());
      browser.awaitText("#figures", "running");
      browser.awaitText("#dead-letters", "None.");
      // A second on an idle machine; the service is just started, and other tests may run beside.
      assertThat((Long) browser.run("return Math.round(performance.now())")).isLessThan(5_000);
      for (String part : List.of("#hits", "#dead-letters", "#history", "#document", "#tables")) {
        assertThat(browser.text(part)).as(part).hasSizeGreaterThan(20);
      }
      browser.fill("#q", "anything\n");
      browser.awaitText("#search-status", "No hit");
      assertThat(browser.text("#hits")).isNotBlank();
    }
  }

  /** Every text whose contrast to what is behind it is below WCAG's 4.5. */
  private static final String TOO_FAINT =
      """
      const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
      const luminance = ([r, g, b]) => [r, g, b].map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
      const ground = (node) => {
        for (let one = node; one; one = one.parentElement) {
          const color = parse(getComputedStyle(one).backgroundColor);
          if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
      };
      const faint = [];
      let texts = 0;
      for (const node of document.querySelectorAll('body *')) {
        const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
        if (!own || !node.checkVisibility()) continue;
        texts++;
        const [front, back] = [parse(getComputedStyle(node).color), ground(node)].map(luminance);
        const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
        if (contrast < 4.5) faint.push(`${contrast.toFixed(2)}: ${node.outerHTML}`);
      }
      return texts > 50 ? faint : ['only ' + texts + ' texts were seen'];
      """;

  private static String letter(int id) {
    return server.get("/dead-letters?key=" + id).json().at("/deadLetters/0/id").asText();
  }
}
