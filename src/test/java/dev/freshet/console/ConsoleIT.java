package dev.freshet.console;

import static dev.freshet.console.Shop.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.BesideOthers;
import dev.freshet.support.Browser;
import dev.freshet.support.FreshetServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What people do with the console, in a real browser and with the real service. */
@BesideOthers
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
    browser.open("about:blank"); // A former page may still ask a service that is gone.
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
    browser.awaitText("#hits li:first-child", "searchable after");
    WebElement hit = browser.find("#hits li:first-child");
    assertThat(hit.getText()).contains("public.products/101", "Committed");
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
    assertThat(browser.text("#document")).contains("Received", "Written", "Searchable", "indexed");
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
    browser.awaitText("#recent", "public.products/101");
    assertThat((List<?>) browser.run(CUT)).isEmpty();
    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  /** Columns that must not be off the screen, and placeholders that do not fit into their field. */
  private static final String CUT =
      """
      const cut = [...document.querySelectorAll('#recent .scroll, #tables .scroll')]
        .filter((box) => box.scrollWidth > box.clientWidth)
        .map((box) => `${box.parentElement.id} ${box.scrollWidth} of ${box.clientWidth}`);
      const pen = document.createElement('canvas').getContext('2d');
      for (const field of document.querySelectorAll('input[placeholder]')) {
        const style = getComputedStyle(field);
        pen.font = `${style.fontSize} ${style.fontFamily}`;
        const arrow = field.list ? 22 : 0;
        const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
        if (field.checkVisibility() && pen.measureText(field.placeholder).width > room) cut.push(field.placeholder);
      }
      return cut;
      """;

  @Test
  void jobsShowHowFarTheyAreAndWhatTheyHaveFound() {
    expected = new String[] {"status of 404"};
    browser.pretend(Answers.JOBS);
    browser.open(server.url());
    browser.awaitText("#jobs", "backfill of public.products");

    assertThat(browser.text("#jobs")).contains("1,200 of about 5,000", "10 rejected", "missing");
    assertThat(browser.find("#jobs progress").getDomProperty("value")).isEqualTo("1200");
    browser.press("Cancel the backfill of public.products");
    browser.awaitText("#question", "What it has done stays");
    browser.press("Cancel the job");
    browser.awaitText("#jobs-status", "There is no job 'b'");
  }

  @Test
  void aBackfillIsOfferedWhereTheIndexHasNothingOfATable() {
    expected = new String[] {"status of 400"};
    browser.pretend(Answers.offeringBackfill());
    browser.open(server.url());
    browser.awaitText("#backfill-offers", "the index has no document");
    assertThat(browser.text("#backfill-offers")).contains(TABLE).doesNotContain("public.reviews");
    browser.press("Begin the backfill of " + TABLE);
    browser.awaitText("#jobs-status", "set freshet.source.url");
  }

  @Test
  void aJobThatCannotBeginSaysWhatItNeeds() {
    expected = new String[] {"status of 400"};
    browser.open(server.url());
    browser.awaitText("#jobs", "None.");
    browser.fill("#job-table", TABLE);
    browser.press("Begin");
    browser.awaitText("#jobs-status", "set freshet.source.url");
  }

  @Test
  void atADesksWidthTheTablesAreWholeAndControlsOfARowAreAligned() {
    browser.pretend(Answers.CHANGED);
    browser.open(server.url());
    browser.awaitText("#recent", "public.products/101");
    browser.awaitText("#tables", "public.reviews");
    browser.awaitText("#playground-columns", "title");

    assertThat((List<?>) browser.run(CUT)).isEmpty();
    assertThat((List<?>) browser.run(MISALIGNED)).isEmpty();
  }

  /** Controls of one line that do not begin and end at the same height. */
  private static final String MISALIGNED =
      """
      const controls = ':is(input:not([type=radio]), select, button, .choice label)';
      return [...document.querySelectorAll('main .row')].filter((row) => row.checkVisibility()).flatMap((row) => {
        const boxes = [...row.querySelectorAll(controls)].filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect());
        return boxes
          .filter((box) => boxes.some((other) => other.top < box.bottom && box.top < other.bottom
            && (Math.abs(other.top - box.top) > 0.5 || Math.abs(other.bottom - box.bottom) > 0.5)))
          .map((box) => `${row.textContent.trim().slice(0, 20)} ${box.top} to ${box.bottom}`);
      });
      """;

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

    browser.awaitText("#headline", "FRESH · 0.1 s");
    browser.awaitText("#figures", "0/16B3748");
    browser.awaitText("#history", "half of the changes were searchable within 42 ms");
    assertThat(browser.text("#legend [data-stage=embedded]"))
        .isEqualTo("received → embedded 25 ms 60 ms");
    assertThat(browser.text("#legend [data-stage=total]"))
        .isEqualTo("commit → searchable 42 ms 96 ms");
    assertThat(browser.text("#legend")).contains("newest 24, most 24", "commit → captured");
    assertThat(browser.all("#legend .swatch")).hasSize(4);
    assertThat((List<?>) browser.run(COLOURS_DRAWN))
        .as("each stage is drawn in its colour, and the target")
        .isEqualTo(List.of("--stage-1", "--stage-2", "--stage-3", "--stage-4", "--target"));
    assertThat(browser.text("#tables"))
        .contains("public.products 1,204 1 3,411 12", "public.reviews 98,231 0 104,200 0")
        .doesNotContain("%");
    assertThat(browser.text("#tables"))
        .contains("public.carts: 1,204 changes since the start", "lack an id");
    assertThat(browser.text("#figures")).contains("except 1 failed document", "2 calls waiting");
  }

  @Test
  void withoutAMeasuredChangeThereIsASentenceAndNoChart() {
    browser.pretend(Answers.saying("fresh", "nothing waits", "all is well"));
    browser.open(server.url());
    answer(Map.of(), Map.of("freshness/history", Answers.IDLE_HISTORY));
    browser.awaitText("#history", "No change came in the last 10 minutes");
    assertThat(browser.find("#chart").isDisplayed()).isFalse();
    assertThat(browser.text("#stages [data-stage=source]")).contains("0 /s");

    browser.pretend(
        with(Answers.saying("behind", "reading", "all rows are read"), Answers.FIRST_HISTORY));
    browser.open(server.url());
    browser.awaitText("#history", "rows that are read as they stand");
    assertThat(browser.find("#chart").isDisplayed()).isFalse();
  }

  @Test
  void besideAnOutlierASmallChangeIsSeenAndTold() {
    browser.pretend(with(Answers.BUSY, Answers.UNEVEN_HISTORY));
    browser.open(server.url());
    browser.awaitText("#legend", "The newest figures");

    assertThat(browser.text("#legend [data-stage=total]"))
        .isEqualTo("commit → searchable 400 ms 400 ms");
    assertThat(browser.text("#history")).contains("small times show beside large ones");
    List<?> drawn = (List<?>) browser.run(DRAWN_PIXELS);
    assertThat((Long) drawn.get(0))
        .as("rows of pixels of the change of 400 ms")
        .isGreaterThanOrEqualTo(10);
    assertThat((Long) drawn.get(1))
        .as("above the picture, where no bar is, the target is told")
        .isGreaterThan(10);
  }

  private static Map<String, String> with(Map<String, String> answers, String history) {
    var others = new HashMap<>(answers);
    others.put("freshness/history", history);
    return others;
  }

  @Test
  void aStageCardStaysWhatItWasWhileItsFiguresChange() {
    browser.pretend(Answers.BUSY);
    browser.open(server.url());
    browser.awaitText("#stages [data-stage=feed]", "3 waiting");
    browser.run("window.pressed = document.querySelector('#stages [data-stage=feed] button')");

    answer(
        Map.of(),
        Map.of("freshness", Answers.busyFreshness().replace("\"waiting\": 3", "\"waiting\": 4")));
    browser.awaitText("#stages [data-stage=feed]", "4 waiting");

    browser.run("window.pressed.click()");
    browser.awaitText("#stage-figures", "3.0 GB");
  }

  @Test
  void theFormTheHitAndTheDocumentTellTheTimeThatTheStoreHadCommitted() {
    browser.pretend(Answers.CHANGED);
    browser.open(server.url() + "/#q=hot+drinks&table=" + TABLE + "&key=" + STOVE);
    browser.awaitText("#recent", "42 ms");
    browser.awaitText("#hits li:first-child", "searchable after 42 ms");
    browser.awaitText("#document", "+12 ms");
    assertThat(browser.text("#document"))
        .containsSubsequence("Written", "+12 ms", "Searchable", "+20 ms");

    browser.awaitText("#playground-columns", "title");
    browser.fill("#playground-columns [name=title]", "Ember stove, red");
    browser.run(ANSWER_THE_CHANGE, Answers.COMMIT);
    browser.find("#playground-commit").click();
    browser.awaitText("#playground-way", "42 ms from COMMIT to searchable");
    assertThat(browser.text("#playground-status"))
        .contains("transaction 754; its commit ends before 0/16B3790");
  }

  private static final String ANSWER_THE_CHANGE =
      """
      const [commit] = arguments;
      const ask = window.fetch;
      window.fetch = async (url, options) =>
        options?.method === 'POST' && String(url) === 'playground/changes' ? new Response(commit) : ask(url, options);
      """;

  @Test
  void aStepUnderThePointerTellsItsFigures() {
    browser.pretend(Answers.BUSY);
    browser.open(server.url());
    browser.awaitText("#legend", "The newest figures");

    browser.run(HOVER_THE_BUSY_STEP);

    browser.awaitText("#legend", "then 24, most 24");
    assertThat(browser.text("#legend")).contains("At 20");
    assertThat(browser.text("#legend [data-stage=searchable]"))
        .isEqualTo("embedded → searchable 6 ms 12 ms");
  }

  @Test
  void thePipelineTellsRateLagAndStateOfEachStageAndItsFiguresOnAClick() {
    browser.pretend(Answers.BUSY);
    browser.open(server.url());
    browser.awaitText("#stages [data-stage=indexing]", "60 ms");
    assertThat(browser.all("#stages > li"))
        .extracting(stage -> stage.getDomAttribute("data-stage"))
        .containsExactly("source", "feed", "indexing", "store", "search");
    assertThat(browser.text("#stages [data-stage=source]")).contains("12 /s", "20 ms");
    assertThat(browser.text("#stages [data-stage=feed]")).contains("3 waiting", "4 ms");
    assertThat(browser.text("#stages [data-stage=indexing]")).contains("running");
    assertThat(browser.text("#stages [data-stage=store]")).contains("99,435 documents", "12 ms");
    assertThat(browser.text("#stages [data-stage=search]")).contains("1.0 /s", "15 ms");

    browser.find("#stages [data-stage=feed] button").click();
    browser.awaitText("#stage-figures", "3.0 GB for the slot freshet (wal_status extended)");
    browser.find("#stages [data-stage=feed] button").click();
    assertThat(browser.find("#stage-figures").isDisplayed()).isFalse();
  }

  @Test
  void theStageThatIsStoppedIsMarked() {
    browser.pretend(Answers.TROUBLED);
    browser.open(server.url());
    browser.awaitText("#headline", "STUCK · a batch is not taken");

    browser.awaitText("#stages [data-stage=indexing]", "stopped");
    browser.awaitText("#stages [data-stage=source]", "stopped");
    assertThat(browser.all("#stages [data-state=broken]")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "fresh, 0.3 s, FRESH · 0.3 s, icon-fresh.svg, fresh",
    "lagging, 41 s, LAGGING · 41 s, icon-late.svg, late",
    "behind, '12,400 messages waiting', 'BEHIND · 12,400 messages waiting', icon-late.svg, late",
    "stuck, paused, STUCK · paused, icon-stuck.svg, stuck",
    "quiet, nothing for 4 min, QUIET · nothing for 4 min, icon-quiet.svg, quiet",
    "unknown, what waits is not known, UNKNOWN · what waits is not known, icon-quiet.svg, quiet"
  })
  void theWordStandsOnTopInTheTitleAndInTheIcon(
      String word, String figure, String said, String icon, String tone) {
    browser.pretend(Answers.saying(word, figure, "this is why"));
    browser.open(server.url());

    browser.awaitText("#headline", said);
    assertThat(browser.text("#reason")).isEqualTo("This is why.");
    assertThat(browser.run("return document.title")).isEqualTo(said + " – Freshet");
    assertThat((String) browser.run("return document.querySelector('link[rel=icon]').href"))
        .endsWith("/console/" + icon);
    assertThat(browser.find("#status").getDomAttribute("data-tone")).isEqualTo(tone);
    assertThat(browser.all("#headline .shape")).hasSize(1);
    assertThat(browser.text("#version")).isEqualTo("0.2.0");
    boolean late = tone.equals("late");
    browser.awaitText("#stages [data-stage=indexing]", late ? "slowest" : "running");
    assertThat(browser.all("#stages [data-state=slow]")).hasSize(late ? 1 : 0);
  }

  @Test
  void theRealServiceSaysItsWordAndPausesToStuck(@TempDir Path another) {
    try (var shop = FreshetServer.start(Shop.properties(another))) {
      browser.open(shop.url());
      browser.awaitText("#headline", "QUIET · nothing came yet");
      Shop.post(shop, Shop.product(401, 1, "Mug", "Enamelled"));
      browser.awaitText("#headline", "FRESH");
      browser.press("Pause …");
      browser.type("a move", Keys.ENTER);
      browser.awaitText("#headline", "STUCK · paused");
      browser.awaitText("#stages [data-stage=indexing]", "stopped");
      assertThat(shop.get("/freshness").json().at("/status/word").asText()).isEqualTo("stuck");
      browser.press("Resume");
      browser.awaitText("#headline", "FRESH");
      browser.awaitText("#stages [data-stage=indexing]", "running");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429, 500, 503})
  void whereFreshnessIsNotToldTheWordIsUnknown(int status) {
    browser.pretend(Answers.saying("fresh", "0.3 s", "this is why"));
    browser.open(server.url());
    browser.awaitText("#headline", "FRESH · 0.3 s");
    browser.awaitText("#stages", "running");
    assertThat(browser.find("#word").getDomProperty("textContent")).isEqualTo("Freshet: FRESH");

    answer(Map.of("freshness", status), Map.of());

    browser.awaitText("#headline", "UNKNOWN");
    browser.awaitText("#problems", "Freshness is not known");
    assertThat(browser.run("return document.title")).isEqualTo("UNKNOWN – Freshet");
    assertThat((String) browser.run("return document.querySelector('link[rel=icon]').href"))
        .endsWith("/console/icon-quiet.svg");
    assertThat(browser.find("#word").getDomProperty("textContent")).isEqualTo("Freshet: UNKNOWN");
    assertThat(browser.find("#figures").isDisplayed()).isFalse();
    assertThat(browser.find("#pipeline").isDisplayed()).isFalse();

    answer(Map.of(), Map.of());
    browser.awaitText("#headline", "FRESH · 0.3 s");
    assertThat(browser.all("#problems p")).isEmpty();
    assertThat(browser.find("#pipeline").isDisplayed()).isTrue();
  }

  @Test
  void aHiddenTabAsksOnlyHowFreshTheIndexIs(@TempDir Path another) {
    expected = new String[] {"ERR_CONNECTION"};
    try (var shop = FreshetServer.start(Shop.properties(another))) {
      browser.open(shop.url());
      Shop.post(shop, Shop.product(601, 1, "Mug", "Enamelled"));
      browser.awaitText("#headline", "FRESH");
      browser.await("new Promise((done) => setTimeout(done, 500))"); // What it asked before ends.
      browser.run(HIDE_THE_TAB);

      shop.post("/consumption/pause?reason=move", "");
      awaitTitle("STUCK · paused – Freshet");

      assertThat((List<?>) browser.run("return [...new Set(window.askedFor)]"))
          .isEqualTo(List.of("freshness"));
      assertThat(browser.run("return window.waits.includes(30_000)")).isEqualTo(true);
    }
    awaitTitle("NO ANSWER");
  }

  private static final String HIDE_THE_TAB =
      """
      const [wait, ask] = [window.setTimeout, window.fetch];
      [window.waits, window.askedFor] = [[], []];
      window.setTimeout = (then, millis) => {
        window.waits.push(millis);
        return wait(then, millis / 30);
      };
      window.fetch = (url, options) => {
        window.askedFor.push(String(url).split('?')[0]);
        return ask(url, options);
      };
      Object.defineProperty(document, 'visibilityState', {value: 'hidden'});
      document.dispatchEvent(new Event('visibilitychange'));
      """;

  private static void awaitTitle(String beginning) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> ((String) browser.run("return document.title")).startsWith(beginning));
  }

  @Test
  void aSlowSearchIsNoOutage() {
    browser.pretend(Answers.saying("fresh", "0.3 s", "this is why"));
    browser.open(server.url());
    browser.awaitText("#headline", "FRESH · 0.3 s");
    answer(Map.of("search", NO_ANSWER_IN_TIME), Map.of());

    browser.fill("#q", "stove\n");

    browser.awaitText("#hits", "did not answer in time");
    assertThat(browser.text("#headline")).isEqualTo("FRESH · 0.3 s");
    assertThat(browser.all("#problems p")).isEmpty();
  }

  @Test
  void whatCouldNotBeAskedInAnOutageIsAskedAfterIt() {
    browser.pretend(Answers.saying("fresh", "0.3 s", "this is why"));
    browser.open(server.url());
    browser.awaitText("#headline", "FRESH");
    answer(Map.of("freshness", NO_ANSWER_IN_TIME), Map.of());
    browser.awaitText("#headline", "NO ANSWER");
    assertThat(browser.find("#playground").isDisplayed()).isFalse();

    answer(Map.of(), Answers.PLAYGROUND);
    browser.awaitText("#playground", "UPDATE and COMMIT");
    browser.awaitText("#playground-columns", "title");
    browser.fill("#playground-query", "what somebody types");

    answer(Map.of("freshness", NO_ANSWER_IN_TIME), Answers.PLAYGROUND);
    browser.awaitText("#headline", "NO ANSWER");
    answer(Map.of(), Answers.PLAYGROUND);
    browser.awaitText("#headline", "FRESH");
    assertThat(browser.find("#playground-query").getDomProperty("value"))
        .isEqualTo("what somebody types");
  }

  @Test
  void theListOfChangesStaysWhereItWasScrolledAndSaysWhyItIsMissing() {
    browser.pretend(Answers.BUSY); // The real service may be quiet by now.
    browser.open(server.url());
    browser.awaitText("#headline", "FRESH");
    answer(Map.of(), Map.of("changes/recent", Answers.changes(40)));
    browser.awaitText("#recent", "public.products/40");
    browser.run("document.querySelector('#recent .scroll').scrollTop = 120");

    answer(Map.of(), Map.of("changes/recent", Answers.changes(41)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                browser
                    .run("return document.querySelectorAll('#recent tbody tr').length")
                    .equals(41L));
    assertThat(browser.run("return document.querySelector('#recent .scroll').scrollTop"))
        .isEqualTo(120L);

    answer(Map.of("changes/recent", 500), Map.of());
    browser.awaitText("#recent", "The recent changes cannot be listed now.");
  }

  /** The status for a call that the page gives up. */
  private static final int NO_ANSWER_IN_TIME = 0;

  /** From now on the page in view sees these failures and answers, and asks at once. */
  private static void answer(Map<String, Integer> failures, Map<String, String> answers) {
    browser.run(
        """
        const [failures, answers] = arguments;
        window.before ??= window.fetch;
        window.fetch = async (url, options) => {
          const path = String(url).split('?')[0];
          if (failures[path] === 0) throw new DOMException('slow', 'TimeoutError');
          if (path in failures) return new Response('{"detail": "this is refused"}', {status: failures[path]});
          return path in answers ? new Response(answers[path]) : window.before(url, options);
        };
        document.dispatchEvent(new Event('visibilitychange'));
        """,
        failures,
        answers);
  }

  @Test
  void aRecentChangeIsListedAndItsDocumentOpened() {
    browser.open(server.url());
    Shop.post(server, Shop.product(501, 1, "Whistle", "Loud"));
    browser.awaitText("#recent", "public.products/501");
    assertThat(browser.text("#recent tbody tr:first-child")).contains("upsert", "searchable");

    browser.press("public.products/501");
    browser.awaitText("#document", "indexed");
    assertThat(browser.address()).contains("key=501");
  }

  @Test
  void anEmptySearchOffersQueriesThatFindSomething() {
    browser.open(server.url());
    browser.awaitText("#hits", "For example");
    String example = browser.text("#hits .chip");
    browser.find("#hits .chip").click();
    browser.awaitText("#search-status", "segment");
    assertThat(browser.find("#q").getDomProperty("value")).isEqualTo(example);
    assertThat(browser.all("#hits article")).isNotEmpty();
  }

  @Test
  void modesThatTheSinkHasNotAreNotOffered() {
    browser.pretend(Answers.vectorOnly());
    browser.open(server.url() + "/#mode=keyword");
    browser.awaitText("#headline", "FRESH");

    assertThat(browser.run("return document.querySelector('input[name=mode]:checked').value"))
        .isEqualTo("vector");
    assertThat(browser.find("input[value=keyword]").isDisplayed()).isFalse();
  }

  @Test
  void deadLettersSayHowToMendThemAndHowManyAReplayTakes() {
    browser.pretend(Answers.TROUBLED);
    browser.open(server.url());
    browser.awaitText("#dead-letters", "Correct the template or the table’s columns");
    browser.press("Replay it …");
    browser.awaitText("#question", "Replay the dead letter?");
    browser.press("Cancel");
  }

  @Test
  void onAPhoneTheDocumentComesToTheEyeAndWordsStayWhole() {
    browser.viewport(360, 740);
    browser.open(server.url() + "/#q=drinks");
    browser.awaitText("#hits", "public.products/101");
    browser.press("public.products/101");
    browser.awaitText("#document", "indexed");

    assertThat(browser.run(IS_IN_VIEW, browser.find("#document .state"))).isEqualTo(true);
    assertThat((List<?>) browser.run(BROKEN_WORDS)).isEmpty();
    browser.type(Keys.ESCAPE);
    assertThat(browser.focused().getText()).isEqualTo("public.products/101");
  }

  private static final String IS_IN_VIEW =
      """
      const box = arguments[0].getBoundingClientRect();
      return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
      """;

  /** Words of letters only that begin on one line and end on another. */
  private static final String BROKEN_WORDS =
      """
      const broken = [];
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (!text.parentElement.checkVisibility() || text.parentElement.closest('code, pre, script')) continue;
        for (const word of text.data.matchAll(/\\p{L}+/gu)) {
          const range = document.createRange();
          range.setStart(text, word.index);
          range.setEnd(text, word.index + word[0].length);
          if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(word[0]);
        }
      }
      return broken;
      """;

  private static final String HOVER_THE_BUSY_STEP =
      """
      const over = document.querySelector('#chart .u-over');
      const box = over.getBoundingClientRect();
      const x = box.left + box.width * (1 - 10 / 120);
      for (const kind of ['mouseenter', 'mousemove']) {
        over.dispatchEvent(new MouseEvent(kind, {clientX: x, clientY: box.top + 50, bubbles: true}));
      }
      """;

  /** Which of the chart's colours are on its canvas. */
  private static final String COLOURS_DRAWN =
      """
      const canvas = document.querySelector('#chart canvas');
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 255) seen.add(data[at] * 65536 + data[at + 1] * 256 + data[at + 2]);
      }
      const names = ['--stage-1', '--stage-2', '--stage-3', '--stage-4', '--target'];
      return names.filter((name) =>
        seen.has(parseInt(getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1), 16)));
      """;

  /** In how many rows of pixels the newest bar is, and how many pixels are the target's label. */
  private static final String DRAWN_PIXELS =
      """
      const canvas = document.querySelector('#chart canvas');
      const over = document.querySelector('#chart .u-over').getBoundingClientRect();
      const box = canvas.getBoundingClientRect();
      const scale = canvas.height / box.height;
      const top = Math.round((over.top - box.top) * scale) - 2;
      // Of two steps in two minutes the newest stands there alone.
      const left = Math.round((over.right - over.width / 16 - box.left) * scale);
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const drawn = (name, fromX, fromY, toY) => {
        const wanted = parseInt(getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1), 16);
        return Array.from({length: toY - fromY}, (none, row) => {
          let found = 0;
          for (let x = fromX; x < canvas.width; x++) {
            const at = ((fromY + row) * canvas.width + x) * 4;
            found += data[at + 3] === 255 && data[at] * 65536 + data[at + 1] * 256 + data[at + 2] === wanted;
          }
          return found;
        });
      };
      return [
        drawn('--stage-3', left, top, canvas.height).filter((found) => found > 0).length,
        drawn('--target', 0, 0, top).reduce((sum, found) => sum + found, 0),
      ];
      """;

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
