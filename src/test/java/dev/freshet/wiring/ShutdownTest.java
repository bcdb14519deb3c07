package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What runs beside the loop has ended when the first bean is destroyed. */
class ShutdownTest {

  private static final long TASK_MILLIS = 5;
  private static final long REQUEST_MILLIS = 300;

  private static Witness witness = new Witness();

  /** Outlives the context. */
  private static final class Witness {
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger began = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private volatile boolean destroyed;

    void work(long millis) {
      began.incrementAndGet();
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (destroyed) {
        late.incrementAndGet();
      }
    }
  }

  /** What every other bean stands for: its end takes a moment. */
  @Singleton
  @Requires(env = "busy")
  static class Used {

    Used() {
      witness.made.incrementAndGet();
    }

    @PreDestroy
    void destroy() throws InterruptedException {
      witness.destroyed = true;
      TimeUnit.MILLISECONDS.sleep(5 * TASK_MILLIS);
    }
  }

  @Singleton
  @Requires(env = "scheduled")
  static class Task {

    Task(Used used) {}

    @Scheduled(fixedDelay = "1ms")
    void run() {
      witness.work(TASK_MILLIS);
    }
  }

  @Controller("/busy")
  @Requires(env = "busy")
  static class Busy {

    Busy(Used used) {}

    @Get
    @ExecuteOn(TaskExecutors.BLOCKING)
    String get(HttpRequest<?> request) {
      witness.work(REQUEST_MILLIS);
      return "done";
    }
  }

  @BeforeEach
  void forget() {
    witness = new Witness();
  }

  private static ApplicationContext start(String... environments) {
    return ApplicationContext.builder(environments)
        .properties(Map.of("micronaut.server.port", -1))
        .start();
  }

  private void assertNothingIsLate() {
    assertThat(witness.destroyed).isTrue();
    assertThat(witness.late).hasValue(0);
    assertThat(witness.made).as("beans made").hasValue(1);
  }

  @RepeatedTest(5)
  void theScheduleEndsFirst() {
    var context = start("fakes", "busy", "scheduled");
    await().until(() -> witness.began.get() > 0);

    context.close();

    assertNothingIsLate();
  }

  @Test
  void aRequestIsAnsweredFirst() throws Exception {
    var context = start("fakes", "busy");
    URI server = context.getBean(EmbeddedServer.class).start().getURI();
    var request = java.net.http.HttpRequest.newBuilder(server.resolve("/busy")).build();
    var answer = HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString());
    await().until(() -> witness.began.get() > 0);

    context.close();

    assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
    assertNothingIsLate();
  }
}
