package dev.freshet.console;

import static dev.freshet.console.Shop.TABLE;

import dev.freshet.support.Browser;
import dev.freshet.support.FreshetServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of {@code docs/console.md}: {@code ./mvnw test -Dtest=ConsoleScreenshots
 * -Dtest.excluded.groups=}. With {@code -Dscreenshots.seconds=} the stream of changes before them
 * is longer or shorter.
 */
@Tag("campaign")
class ConsoleScreenshots {

  private static final Path IMAGES = Path.of("docs", "images");
  private static final Duration STREAM =
      Duration.ofSeconds(Integer.getInteger("screenshots.seconds", 240));

  private static final List<String> KINDS =
      List.of(
          "stove", "tent", "rain jacket", "headlamp", "sleeping mat", "water bottle", "rucksack");
  private static final List<String> NAMES =
      List.of("Alder", "Birch", "Cedar", "Heather", "Juniper", "Larch", "Rowan", "Willow");
  private static final List<String> PROMISES =
      List.of(
          "Keeps warm drinks hot for a whole cold night outdoors.",
          "Light enough to forget, strong enough for a winter storm.",
          "Packs to the size of a fist and dries within an hour.",
          "Repairable: every part can be ordered, for twenty years.",
          "Made for cold mornings, with gloves on.");

  private final Random random = new Random(7);

  @TempDir private Path folder;

  @Test
  void theDocumentationHasItsPictures() {
    var model = new MendableModel();
    var properties = Shop.properties(folder);
    properties.put("freshet.samples", "classpath:samples");
    try (var server = FreshetServer.start(properties, model);
        var browser = Browser.start()) {
      int last = streamChanges(server);
      Shop.post(
          server,
          Shop.inOrder(
              last + 1,
              42,
              "Espresso maker",
              "Brews strong, hot coffee outdoors, on any camp stove."));
      Shop.awaitState(server, 42, "indexed");

      String page = server.url() + "/#q=hot+coffee+outdoors&k=2&table=" + TABLE + "&key=42";
      take(browser, page, "light", 1280, 1340, "console-light.png");
      take(browser, page, "dark", 1280, 1000, "console-dark.png");
      take(
          browser,
          server.url() + "/#q=hot+coffee+outdoors&k=5",
          "light",
          390,
          844,
          "console-phone.png");
    }
  }

  /**
   * Some changes each second: more in waves, as people work.
   *
   * @return how many there were
   */
  private int streamChanges(FreshetServer server) {
    Instant end = Instant.now().plus(STREAM);
    int change = 0;
    for (; Instant.now().isBefore(end); change++) {
      int id = 1000 + random.nextInt(400);
      String title = pick(NAMES) + " " + pick(KINDS);
      Shop.post(server, Shop.inOrder(change, id, title, pick(PROMISES)));
      double wave = 1.2 + Math.sin(Instant.now().toEpochMilli() / 25_000.0);
      LockSupport.parkNanos((long) (random.nextDouble() * 200_000_000 / wave));
    }
    return change;
  }

  private String pick(List<String> some) {
    return some.get(random.nextInt(some.size()));
  }

  private static void take(
      Browser browser, String page, String scheme, int width, int height, String name) {
    browser.viewport(width, height);
    browser.colorScheme(scheme);
    browser.open(page);
    browser.awaitText("#hits", TABLE + "/42");
    browser.awaitText("#figures", "running");
    browser.awaitText("#headline", "FRESH");
    browser.awaitText("#recent", TABLE);
    if (page.contains("key=42")) {
      browser.awaitText("#document", "indexed");
    }
    browser.awaitNoText("#history", "Asking the service");
    browser.awaitNoText("#dead-letters", "Asking the service");
    browser.screenshot(IMAGES.resolve(name));
  }
}
