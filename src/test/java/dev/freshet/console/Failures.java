package dev.freshet.console;

import dev.freshet.support.Browser;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps a picture of the page where a test failed. */
record Failures(Supplier<Browser> browser) implements AfterTestExecutionCallback {

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      String name = context.getRequiredTestMethod().getName();
      browser.get().screenshot(Path.of("target", "console-" + name + ".png"));
    }
  }
}
