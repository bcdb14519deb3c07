package dev.freshet.start;

import ch.qos.logback.classic.LoggerContext;
import dev.freshet.MisconfiguredException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The service as a process: its start, its end, and the one line of a start that fails. */
final class Service {

  private static final Logger LOG = LoggerFactory.getLogger(Service.class);
  private static final String FILES = "MICRONAUT_CONFIG_FILES";
  private static final int DONE = 0;
  private static final int PATIENCE_SECONDS = 30;

  private final List<String> settings;
  private final Companion companion;

  /**
   * @param settings as {@code --freshet.store=lucene}
   */
  Service(List<String> settings) {
    this(settings, Companion.NONE);
  }

  /**
   * @param settings as {@code --freshet.store=lucene}
   * @param companion ends after the service
   */
  Service(List<String> settings, Companion companion) {
    this.settings = List.copyOf(settings);
    this.companion = companion;
  }

  /**
   * Looks whether the service could answer, before anything else is begun.
   *
   * @throws Address.UnusableException with the mend
   */
  static void requireFreePort(List<String> settings, Map<String, Object> decided) {
    try (ApplicationContext context = context(settings, decided, List.of())) {
      readConfiguration(context);
      Address.of(context.getEnvironment()).requireFree();
    }
  }

  private static ApplicationContext context(
      List<String> settings, Map<String, Object> decided, List<Object> beans) {
    return ApplicationContext.builder()
        .args(settings.toArray(String[]::new))
        .properties(decided)
        .singletons(beans.toArray())
        .environmentVariableExcludes(empty(System.getenv()))
        .build();
  }

  /**
   * Runs until the process is told to end.
   *
   * @return the exit code
   */
  int run() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    ApplicationContext context = context(settings, companion.settings(), companion.beans());
    try {
      start(context);
    } catch (Throwable failure) {
      try {
        return failed(context, failure);
      } finally {
        companion.close();
      }
    }
    awaitEnd(context);
    return DONE;
  }

  /** A variable without a value counts as one that is not set, as Compose files leave them. */
  static String[] empty(Map<String, String> variables) {
    return variables.entrySet().stream()
        .filter(variable -> variable.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toArray(String[]::new);
  }

  /** The port is looked at before the first bean is made, and what a bean may begin. */
  private void start(ApplicationContext context) {
    readConfiguration(context);
    Address.of(context.getEnvironment()).requireFree();
    context.start();
    EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
    companion.serviceAnswers(server.getPort());
  }

  private static void readConfiguration(ApplicationContext context) {
    try {
      context.getEnvironment().start();
    } catch (RuntimeException e) {
      String files = System.getenv(FILES);
      throw new MisconfiguredException(
          "The configuration cannot be read%s: %s"
              .formatted(
                  files == null ? "" : " (" + FILES + " is " + files + ")", StartFailure.reason(e)),
          e);
    }
  }

  private void awaitEnd(ApplicationContext context) {
    var end = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    // It stops the server, too.
                    context.close();
                  } finally {
                    companion.close();
                    end.countDown();
                  }
                },
                "shutdown"));
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int failed(ApplicationContext context, Throwable cause) {
    var failure = StartFailure.of(cause);
    failure.tell();
    LOG.debug("The start failed", cause);
    if (!LOG.isDebugEnabled()) {
      // What ends now, in whatever order, has nothing to add.
      ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
    end(context);
    return failure.exitCode();
  }

  /**
   * Another thread may be loading the model, which does not survive the end of the process: it is
   * waited for.
   */
  private static void end(ApplicationContext context) {
    try {
      if (context.isRunning()) {
        for (var executor : context.getActiveBeanRegistrations(ExecutorService.class)) {
          executor.bean().shutdown();
        }
        for (var executor : context.getActiveBeanRegistrations(ExecutorService.class)) {
          executor.bean().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
      }
      context.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.debug("The end of the failed start failed", e);
    }
  }
}
