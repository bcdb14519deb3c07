package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.CapturedLog;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.TestQueue;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace goes through RabbitMQ into the log and the spans. */
class TraceIT {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @TempDir Path folder;
  private TestQueue queue;

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exported))
                  .build())
          .build();

  @BeforeEach
  void open() throws Exception {
    queue = TestQueue.open(Services.rabbitmqUrl());
  }

  @AfterEach
  void close() throws Exception {
    queue.close();
    sdk.close();
  }

  private FreshetServer start(Object... beans) {
    var properties = new HashMap<>(queue.properties());
    properties.put("freshet.sink", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    return FreshetServer.start(properties, beans);
  }

  private static ChangeMessage message(String traceparent, String body) {
    return new ChangeMessage(
        "public.products",
        Map.of("traceparent", traceparent),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theLogOfADeadLetterNamesTheTraceOfItsMessage() throws Exception {
    try (var log = CapturedLog.open();
        var server = start()) {
      await().until(() -> queue.consumers() == 1);
      queue.publish(List.of(message("00-nonsense", "{"), message('"' + PARENT + '"', "{")));
      await().until(() -> queue.deadLetters() == 2);

      List<CapturedLog.Line> lines = log.linesWith("(undecodable): the body is not JSON");
      assertThat(lines).hasSize(2);
      assertThat(lines.get(0).context()).doesNotContainKey("traceId");
      assertThat(lines.get(1).context())
          .containsEntry("traceId", TRACE)
          .containsEntry("spanId", "b7ad6b7169203331");

      server.post("/dead-letters/replay", "");
      String id = server.get("/dead-letters").json().at("/deadLetters/1/id").asText();
      server.delete("/dead-letters/" + id);
      assertThat(log.linesWith("Discarded the dead letter " + id))
          .singleElement()
          .satisfies(line -> assertThat(line.context()).containsEntry("traceId", TRACE));
    }
  }

  @Test
  void aRequestsTraceGoesThroughTheQueueToTheSpansOfItsEventAndItsSearch() {
    try (var server = start(sdk)) {
      String event =
          """
          {"op":"c","after":{"id":1,"title":"secret"},
           "source":{"schema":"public","table":"products","lsn":7}}""";
      await()
          .until(
              () -> server.post("/events", event, "traceparent", PARENT).status(),
              status -> status == 202);
      await().until(() -> span("process public.products") != null);
      server.get("/search?q=secret", "traceparent", PARENT);

      SpanData processed = span("process public.products");
      assertThat(processed.getTraceId()).isEqualTo(TRACE);
      assertThat(processed.getParentSpanId()).isEqualTo("b7ad6b7169203331");
      assertThat(processed.getAttributes().get(AttributeKey.stringKey("messaging.system")))
          .isEqualTo("rabbitmq");
      assertThat(processed.getAttributes().get(AttributeKey.stringKey("freshet.outcome")))
          .isEqualTo("indexed");
      assertThat(span("search").getTraceId()).isEqualTo(TRACE);
      assertThat(exported.getFinishedSpanItems().toString()).doesNotContain("secret");
    }
  }

  private SpanData span(String name) {
    return exported.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElse(null);
  }
}
