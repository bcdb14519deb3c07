package dev.freshet.sink.http;

import dev.freshet.document.DocumentChange;
import dev.freshet.sink.Outcome;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.LlamaContract;
import dev.freshet.support.RecordedLlamaService;
import dev.freshet.support.RecordedLlamaService.Call;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** A sink that sends to a recorded service. */
final class HttpSinkFixture implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  final RecordedLlamaService service = RecordedLlamaService.start();
  final InMemoryLedger ledger = new InMemoryLedger();
  HttpIndexSink sink = sink(DocumentIdForm.KEY, true);

  HttpIndexSink sink(DocumentIdForm form, boolean exclusive) {
    return new HttpIndexSink(client(Duration.ofSeconds(10)), ledger, form, exclusive, 8, CLOCK);
  }

  LlamaIndexService client(Duration timeout) {
    return client(timeout, new BreakerConfiguration(1_000, Duration.ofSeconds(10), 1), CLOCK);
  }

  LlamaIndexService client(Duration timeout, BreakerConfiguration breaker, Clock clock) {
    return new LlamaIndexService(service.url(), timeout, new Breaker(breaker, clock), clock);
  }

  List<Outcome> apply(DocumentChange... changes) {
    return sink.apply(List.of(changes));
  }

  /**
   * The calls since the last time, as method and path, sorted, but the question what the service
   * can; all keep the contract.
   */
  List<String> calls() {
    List<Call> calls = service.calls();
    LlamaContract.assertKept(calls);
    service.forgetCalls();
    return calls.stream()
        .map(Call::toString)
        .filter(call -> !call.equals("GET /"))
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    sink.close();
    service.close();
  }
}
