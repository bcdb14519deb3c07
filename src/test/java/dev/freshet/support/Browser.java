package dev.freshet.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real Chromium without a screen, driven through its chromedriver. */
public final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ChromeDriver driver;
  private String pretence = "";

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts one; nothing is fetched from a network.
   *
   * @param arguments further ones of Chromium's command line
   */
  public static Browser start(String... arguments) {
    var options = new ChromeOptions();
    options.setBinary(
        executable("FRESHET_TEST_CHROMIUM", "chromium", "chromium-browser", "google-chrome"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // It refuses to run as root with one.
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--hide-scrollbars");
    options.addArguments(arguments);
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(executable("FRESHET_TEST_CHROMEDRIVER", "chromedriver"))
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  private static File executable(String variable, String... names) {
    String configured = System.getenv(variable);
    if (configured != null) {
      return new File(configured);
    }
    String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
    return Arrays.stream(names)
        .flatMap(name -> Stream.of(folders).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toFile)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    ("there is no %s: install Chromium and its driver (scripts/browser does on Debian"
                            + " as root), set %s, or leave these tests out by"
                            + " -Dtest.excluded.groups=campaign,browser")
                        .formatted(String.join(" or ", names), variable)));
  }

  /** Opens a page, also where only the address behind the hash differs. */
  public void open(String url) {
    driver.get("about:blank");
    driver.get(url);
  }

  public void viewport(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** The scheme that the person prefers: {@code light} or {@code dark}. */
  public void colorScheme(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /**
   * From now on the next pages see these answers to GETs instead of the service's own: an answer
   * that a real service gives only in rare states.
   *
   * @param answers paths without a query, and JSON; a path that is not named goes to the service
   */
  public void pretend(Map<String, String> answers) {
    forgetPretence();
    var script =
        new StringBuilder("{ const real = window.fetch.bind(window); const answers = new Map([");
    answers.forEach((path, json) -> script.append("['" + path + "', " + json + "],"));
    script.append(
        """
        ]);
        window.fetch = (url, options) => {
          const path = String(url).split('?')[0];
          return answers.has(path) && (options?.method ?? 'GET') === 'GET'
              ? Promise.resolve(new Response(JSON.stringify(answers.get(path))))
              : real(url, options);
        }; }
        """);
    pretence =
        String.valueOf(
            driver
                .executeCdpCommand(
                    "Page.addScriptToEvaluateOnNewDocument", Map.of("source", script.toString()))
                .get("identifier"));
  }

  public void forgetPretence() {
    if (!pretence.isEmpty()) {
      driver.executeCdpCommand(
          "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", pretence));
      pretence = "";
    }
  }

  public WebElement find(String selector) {
    return await(() -> driver.findElement(By.cssSelector(selector)), selector);
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** Presses the button that says so, as soon as there is one. */
  public void press(String name) {
    await(
            () ->
                all("button").stream()
                    .filter(
                        button -> button.isDisplayed() && name.equals(button.getAccessibleName()))
                    .findFirst()
                    .orElse(null),
            "a button " + name)
        .click();
  }

  public void fill(String selector, String text) {
    WebElement field = find(selector);
    field.clear();
    field.sendKeys(text);
  }

  /** Presses keys where the focus is. */
  public void type(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  public void tab() {
    type(Keys.TAB);
  }

  public WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** Waits until the element says so. */
  public void awaitText(String selector, String text) {
    await(() -> find(selector).getText().contains(text) ? true : null, selector + ": " + text);
  }

  public void awaitNoText(String selector, String text) {
    await(
        () -> find(selector).getText().contains(text) ? null : true, selector + " without " + text);
  }

  public String text(String selector) {
    return find(selector).getText();
  }

  private <T> T await(java.util.function.Supplier<T> look, String what) {
    return new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
        .ignoring(NoSuchElementException.class, StaleElementReferenceException.class)
        .withMessage(
            () -> what + "; the page says:\n" + driver.findElement(By.tagName("body")).getText())
        .until(ignored -> look.get());
  }

  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What the promise of an expression comes to. */
  public Object await(String promise) {
    return driver.executeAsyncScript(promise + ".then(arguments[arguments.length - 1]);");
  }

  public String address() {
    return driver.getCurrentUrl();
  }

  public void back() {
    driver.navigate().back();
  }

  /**
   * What the browser's console says is wrong, since the last call.
   *
   * @param expected parts of messages that are no fault of the page
   */
  public List<String> errors(String... expected) {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> Arrays.stream(expected).noneMatch(message::contains))
        .toList();
  }

  /** What axe-core finds wrong with the page's accessibility. */
  @SuppressWarnings("unchecked")
  public List<String> accessibilityViolations() {
    driver.executeScript(axe());
    return (List<String>)
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(
              (result) => done(result.violations.flatMap((violation) =>
                violation.nodes.map((node) => `${violation.id}: ${node.html}: ${node.failureSummary}`))),
              (failure) => done([String(failure)]));
            """);
  }

  private static String axe() {
    try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
      assertThat(script).as("axe.min.js").isNotNull();
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
