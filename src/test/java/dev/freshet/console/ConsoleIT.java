package dev.freshet.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.Browser;
import dev.freshet.support.FreshetServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleIT {
  @TempDir static Path folder;

  @Test
  void looks() {
    try (var server =
            FreshetServer.start(
                Map.of(
                    "freshet.feed",
                    "memory",
                    "freshet.sink",
                    "lucene",
                    "freshet.data-dir",
                    folder.toString(),
                    "rabbitmq.enabled",
                    false,
                    "freshet.samples",
                    "classpath:samples"));
        var browser = Browser.start()) {
      browser.viewport(1280, 900);
      browser.open(server.url());
      browser.awaitText("#hits", "Say what");
      browser.screenshot(Path.of("/tmp/c1.png"));
      browser.fill("#q", "warm clothes for cold nights\n");
      browser.awaitText("#hits", "sleeping");
      browser.press("public.products/5");
      browser.awaitText("#document", "indexed");
      browser.screenshot(Path.of("/tmp/c2.png"));
      System.out.println("ERRORS " + browser.errors());
      System.out.println("AXE " + String.join("\n", browser.accessibilityViolations()));
      assertThat(browser.errors()).isEmpty();
    }
  }
}
