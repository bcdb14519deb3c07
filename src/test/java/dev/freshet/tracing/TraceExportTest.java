package dev.freshet.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class TraceExportTest {

  private static boolean wanted(Map<String, String> environment) {
    return TraceExport.isWanted(environment::get);
  }

  @Test
  void nothingIsExportedUnlessTheEnvironmentAsksForIt() {
    assertThat(wanted(Map.of())).isFalse();
    assertThat(wanted(Map.of("OTEL_SERVICE_NAME", "x"))).isFalse();
    assertThat(wanted(Map.of("OTEL_TRACES_EXPORTER", "none"))).isFalse();
    assertThat(wanted(Map.of("OTEL_TRACES_EXPORTER", "otlp", "OTEL_SDK_DISABLED", "true")))
        .isFalse();
    assertThat(wanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", ""))).isFalse();
    assertThat(wanted(Map.of("OTEL_TRACES_EXPORTER", ""))).isFalse();
    assertThat(wanted(Map.of("OTEL_TRACES_EXPORTER", "otlp"))).isTrue();
    assertThat(wanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"))).isTrue();
    assertThat(wanted(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector/x"))).isTrue();
  }

  @Test
  void spansReachACollectorAndNothingElseDoes() throws Exception {
    Queue<String> paths = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
    try (var sdk = TraceExport.start(Map.of("otel.exporter.otlp.endpoint", endpoint))) {
      sdk.getTracer("test").spanBuilder("one").startSpan().end();
    } finally {
      collector.stop(0);
    }
    // Closing has sent what waited.
    assertThat(paths).containsExactly("POST /v1/traces");
  }

  @Test
  void whatDoesNotWorkEndsTheStartWithTheWayToMendIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TraceExport.start(Map.of("otel.traces.exporter", "zipkin")))
        .withMessageContaining("OTEL_EXPORTER_OTLP_ENDPOINT");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TraceExport.start(Map.of("otel.exporter.otlp.protocol", "smoke")))
        .withMessageContaining("smoke");
  }
}
