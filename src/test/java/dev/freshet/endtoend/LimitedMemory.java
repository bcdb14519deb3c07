package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.FreshetProcess;
import dev.freshet.support.Services;
import dev.freshet.support.TestQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The packaged jar with a heap of 512 MB, on a queue of its own. */
final class LimitedMemory implements AutoCloseable {

  private static final Pattern HIGH_WATER = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final Pattern HEAP =
      Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\"[^}]*\\} ([0-9.E+]+)");
  private static final String TABLES =
      """
      freshet:
        tables:
          public.products:
            content: "{title}\\n\\n{description}"
            metadata: [category]
      """;

  private final TestQueue queue = TestQueue.open();
  private final FreshetProcess process;
  private long lsn;
  private double highestHeap;

  LimitedMemory(Path folder, Map<String, String> sink) throws IOException {
    this(folder, sink, TABLES);
  }

  /** With the default mapping, which makes every column metadata. */
  static LimitedMemory withDefaultMapping(Path folder, Map<String, String> sink)
      throws IOException {
    return new LimitedMemory(folder, sink, "");
  }

  private LimitedMemory(Path folder, Map<String, String> sink, String mapping) throws IOException {
    var environment = new HashMap<>(sink);
    queue
        .properties()
        .forEach(
            (key, value) ->
                environment.put(
                    key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value.toString()));
    environment.put("RABBITMQ_URL", Services.rabbitmqUrl());
    environment.put("JDK_JAVA_OPTIONS", "-Xmx512m -XX:+ExitOnOutOfMemoryError");
    Path tables = Files.writeString(folder.resolve("tables.yml"), mapping);
    environment.put("MICRONAUT_CONFIG_FILES", tables.toString());
    this.process = FreshetProcess.start(folder, environment);
  }

  void awaitStart() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> process.get("/health/readiness").startsWith("200"));
  }

  TestQueue queue() {
    return queue;
  }

  /**
   * A row of {@code public.products}; the attachment is no part of the text, and metadata in the
   * default mapping only.
   */
  void publish(int id, String description, int attachment) throws Exception {
    lsn += 8;
    String event =
        """
        {"op": "c", "source": {"schema": "public", "table": "products", "lsn": %d},
         "after": {"id": %d, "title": "Product %d", "description": "%s", "attachment": "%s"}}
        """
            .formatted(lsn, id, id, description, "x".repeat(attachment));
    publish("public.products", event);
  }

  void publish(String routingKey, String event) throws Exception {
    byte[] body = event.getBytes(StandardCharsets.UTF_8);
    queue.publish(List.of(new ChangeMessage(routingKey, Map.of(), body)));
  }

  /** Puts messages into the dead-letter queue, as anyone may. */
  void publishDeadLetters(int count, Map<String, Object> headers) throws Exception {
    queue.publishDeadLetters(count, headers, "{}".getBytes(StandardCharsets.UTF_8));
  }

  /** The status and the body. */
  String get(String path) throws InterruptedException {
    return process.get(path);
  }

  boolean isIndexed(int id) throws InterruptedException {
    sampleHeap();
    return process.get("/documents/public.products/" + id).contains("\"indexed\"");
  }

  void sampleHeap() throws InterruptedException {
    Matcher matcher = HEAP.matcher(process.get("/prometheus"));
    double heap = 0;
    while (matcher.find()) {
      heap += Double.parseDouble(matcher.group(1));
    }
    highestHeap = Math.max(highestHeap, heap);
  }

  /** The lines of a metric. */
  String metric(String name) throws InterruptedException {
    return process
        .get("/prometheus")
        .lines()
        .filter(line -> line.startsWith(name))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /** What the process took at most so far. */
  long highestResidentMegabytes() throws IOException {
    Matcher matcher =
        HIGH_WATER.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
    return matcher.find() ? Long.parseLong(matcher.group(1)) / 1024 : 0;
  }

  String figures() throws IOException {
    return "heap sampled at most %.0f MB, resident at most %d MB"
        .formatted(highestHeap / 1024 / 1024, highestResidentMegabytes());
  }

  void assertAlive() throws Exception {
    assertThat(process.isAlive()).as(process.log()).isTrue();
    assertThat(process.get("/health")).startsWith("200");
    assertThat(process.log()).doesNotContain("java.lang.OutOfMemoryError");
  }

  @Override
  public void close() throws IOException {
    process.close();
    queue.close();
  }
}
