package dev.freshet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.Browser;
import dev.freshet.support.FreshetServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/** The description of the API, as people browse it. */
@Tag("browser")
class ApiPageIT {

  @TempDir private Path folder;

  @Test
  void thePageShowsEveryCallOfTheDescriptionAndTriesOne() throws Exception {
    try (var server = FreshetServer.start(Shop.properties(folder));
        var browser = Browser.start()) {
      String description = Files.readString(Path.of("openapi/freshet.yaml"));
      assertThat(server.get("/openapi.yaml").body()).isEqualTo(description);
      long calls = description.lines().filter(line -> line.contains("operationId:")).count();

      browser.open(server.url() + "/openapi");

      browser.awaitText("h1, h2.title", "Freshet");
      await().until(() -> browser.all(".opblock-summary-path").size() == calls);
      assertThat(browser.all(".opblock-summary-path").stream().map(WebElement::getText))
          .anyMatch(path -> path.replaceAll("[^/a-z]", "").equals("/search"));
      browser.find("#operations-Consumption-consumption button.opblock-summary-control").click();
      await().until(() -> !browser.all("button.try-out__btn").isEmpty());
      browser.find("button.try-out__btn").click();
      browser.find("button.execute").click();
      browser.awaitText(".live-responses-table tbody .response-col_status", "200");
      assertThat(browser.errors()).isEmpty();
    }
  }
}
