package dev.freshet.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import dev.freshet.index.SearchScope;
import dev.freshet.indexing.MessageTrace;
import dev.freshet.indexing.Tracing;
import dev.freshet.search.ObservedSearch;
import dev.freshet.search.Search;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTelemetryTracingTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final Instant RECEIVED = Instant.parse("2026-01-01T00:00:00.123456Z");
  private static final Instant DURABLE = RECEIVED.plusMillis(40);

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exported))
                  .build())
          .build();
  private final Tracing tracing = new OpenTelemetryTracing(sdk, "rabbitmq");

  @AfterEach
  void close() {
    sdk.close();
  }

  private record Message(ChangeMessage message, Instant receivedAt) implements Delivery {

    @Override
    public Partition partition() {
      return Partition.ONLY;
    }
  }

  private static Delivery message(Map<String, String> headers) {
    return new Message(new ChangeMessage("public.products", headers, new byte[7]), RECEIVED);
  }

  private static DocumentChange delete() {
    var lsn = new Lsn(0x16B3748L);
    var id = DocumentId.of(TableId.parse("public.products"), "secret@example.org");
    var origin = new Origin(new WalPosition(0, lsn, false, lsn), null, null, null, RECEIVED);
    return new DocumentChange.Delete(id, false, origin);
  }

  private SpanData span() {
    List<SpanData> spans = exported.getFinishedSpanItems();
    assertThat(spans).hasSize(1);
    return spans.get(0);
  }

  private static String attribute(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  @Test
  void aMessagesSpanLastsFromReceiptUntilItIsDurableBelowTheSendersSpan() {
    MessageTrace trace = tracing.begin(message(Map.of("traceparent", PARENT, "tracestate", "v=1")));
    trace.read(delete());
    trace.ended("deleted", DURABLE);

    SpanData span = span();
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(span.getSpanContext().getTraceState().get("v")).isEqualTo("1");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getName()).isEqualTo("process public.products");
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(40_000_000);
    assertThat(attribute(span, "messaging.system")).isEqualTo("rabbitmq");
    assertThat(attribute(span, "messaging.operation.type")).isEqualTo("process");
    assertThat(attribute(span, "freshet.table")).isEqualTo("public.products");
    assertThat(attribute(span, "freshet.operation")).isEqualTo("delete");
    assertThat(attribute(span, "freshet.outcome")).isEqualTo("deleted");
    assertThat(attribute(span, "freshet.lsn")).isEqualTo("0/16B3748");
    assertThat(span.toString()).doesNotContain("secret@example.org");
  }

  @Test
  void theLogNamesFreshetsOwnSpan() {
    TraceContext named =
        tracing.begin(message(Map.of("traceparent", PARENT))).context().orElseThrow();
    assertThat(named.traceId()).isEqualTo(TRACE);
    assertThat(named.spanId()).isNotEqualTo("b7ad6b7169203331");
  }

  @Test
  void aMessageWithoutATraceBeginsOne() {
    tracing.begin(message(Map.of("traceparent", "nonsense"))).ended("indexed", DURABLE);
    assertThat(span().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void aDeadLetterIsAnError() {
    tracing.begin(message(Map.of())).failed(RejectionReason.UNDECODABLE, DURABLE);
    assertThat(span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(span(), "error.type")).isEqualTo("undecodable");
    assertThat(attribute(span(), "freshet.outcome")).isEqualTo("rejected");
  }

  @Test
  void aDeadLetterThatWasPutBackDoesNotLastSinceItsFirstArrival() {
    tracing
        .begin(message(Map.of("x-freshet-reason", "undecodable")))
        .ended("indexed", Instant.now());
    assertThat(span().getStartEpochNanos() / 1_000_000)
        .isGreaterThan(RECEIVED.plusSeconds(60).toEpochMilli());
  }

  private static SearchQuery query() {
    return new SearchQuery(
        "secret words", SearchMode.HYBRID, new SearchScope(5, null, null), 0, false);
  }

  private Search searching(Search search, Optional<TraceContext> parent) {
    var searchTracing = new OpenTelemetrySearchTracing(sdk, () -> parent);
    return new ObservedSearch(search, new SimpleMeterRegistry(), searchTracing);
  }

  @Test
  void aSearchIsASpanThatDoesNotTellItsWords() throws Exception {
    Optional<TraceContext> parent = TraceContext.parse(PARENT, null);
    searching(query -> List.of(), parent).search(query());

    assertThat(span().getTraceId()).isEqualTo(TRACE);
    assertThat(span().getName()).isEqualTo("search");
    assertThat(attribute(span(), "freshet.mode")).isEqualTo("hybrid");
    assertThat(span().getAttributes().get(AttributeKey.longKey("freshet.k"))).isEqualTo(5);
    assertThat(span().getAttributes().get(AttributeKey.longKey("freshet.hits"))).isZero();
    assertThat(span().toString()).doesNotContain("secret");
  }

  @Test
  void aSearchThatFailsIsAnError() {
    Search none =
        query -> {
          throw new UnsupportedSearchException("no");
        };
    assertThatExceptionOfType(UnsupportedSearchException.class)
        .isThrownBy(() -> searching(none, Optional.empty()).search(query()));
    assertThat(span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(span(), "error.type")).isEqualTo("unsupported");
  }
}
