package dev.freshet.changeevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CarriedTraceTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

  private static Optional<TraceContext> of(Map<String, String> headers, String body) {
    return CarriedTrace.of(
        new ChangeMessage("public.products", headers, body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aHeaderNamesTheTraceAndTheSendersSpan() {
    TraceContext trace = of(Map.of("traceparent", PARENT), "{}").orElseThrow();
    assertThat(trace.traceId()).isEqualTo(TRACE);
    assertThat(trace.spanId()).isEqualTo(SPAN);
  }

  @Test
  void aHeaderMayBeAJsonTextAsDebeziumServerSendsIt() {
    assertThat(of(Map.of("traceparent", '"' + PARENT + '"'), "{}")).isPresent();
    String withSchema = "{\"schema\":{\"type\":\"string\"},\"payload\":\"" + PARENT + "\"}";
    assertThat(of(Map.of("traceparent", withSchema), "{}")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "\"",
        "{",
        "{\"payload\":7}",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
        "00-0af7651916cd43dd8448eb211c8031\r\n-b7ad6b7169203331-01"
      })
  void aMalformedOneIsNone(String traceparent) {
    assertThat(of(Map.of("traceparent", traceparent), "{}")).isEmpty();
  }

  @Test
  void aHostileLengthIsNone() {
    assertThat(of(Map.of("traceparent", PARENT.repeat(100_000)), "{}")).isEmpty();
    assertThat(of(Map.of("traceparent", "{\"payload\":" + "[".repeat(100_000)), "{}")).isEmpty();
  }

  @Test
  void aTracestateIsPassedOnUnlessItIsUnusable() {
    assertThat(state("vendor=value")).contains("vendor=value");
    assertThat(state("x".repeat(513))).isEmpty();
    assertThat(state("a=b\r\nc")).isEmpty();
  }

  private static Optional<String> state(String tracestate) {
    return of(Map.of("traceparent", PARENT, "tracestate", tracestate), "{}")
        .flatMap(trace -> Optional.ofNullable(trace.headers().get("tracestate")));
  }

  @Test
  void aCloudEventMayCarryItAsAnAttribute() {
    String event =
        """
        {"id":"1","data":{"after":{"traceparent":"%s"}},"specversion":"1.0","traceparent":"%s"}"""
            .formatted(PARENT.replace('7', '8'), PARENT);
    assertThat(of(Map.of(), event)).map(TraceContext::traceId).contains(TRACE);
  }

  @Test
  void aHeaderOfTheTransportComesBeforeACloudEventsAttribute() {
    String event = "{\"specversion\":\"1.0\",\"traceparent\":\"%s\"}";
    assertThat(
            of(
                Map.of("cloudEvents:traceparent", PARENT),
                event.formatted(PARENT.replace('7', '8'))))
        .map(TraceContext::traceId)
        .contains(TRACE);
  }

  @Test
  void aRowsColumnIsNoTrace() {
    assertThat(of(Map.of(), "{\"id\":1,\"traceparent\":\"" + PARENT + "\"}")).isEmpty();
    String nested = "{\"specversion\":\"1.0\",\"data\":{\"traceparent\":\"" + PARENT + "\"}}";
    assertThat(of(Map.of(), nested)).isEmpty();
  }

  @Test
  void aBrokenOrHugeBodyIsNoFault() {
    assertThat(of(Map.of(), "{\"specversion\":\"1.0\",\"data\":" + "[".repeat(5_000))).isEmpty();
    String huge = "{\"specversion\":\"1.0\",\"data\":\"" + "x".repeat(1 << 20) + "\"";
    assertThat(of(Map.of(), huge + ",\"traceparent\":\"" + PARENT + "\"}")).isEmpty();
  }
}
