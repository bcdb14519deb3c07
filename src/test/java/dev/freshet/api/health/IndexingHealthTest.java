package dev.freshet.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMappings;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.indexing.IndexingConfiguration;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.indexing.Signals;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.SinkStatus;
import dev.freshet.support.ForgetfulProgress;
import dev.freshet.support.IdleFeed;
import dev.freshet.support.InMemoryLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class IndexingHealthTest {

  private final IndexingLoop loop =
      new IndexingLoop(
          new IdleFeed(),
          new MessageReader(
              new ChangeEventDecoder(0, "__debezium_unavailable_value", table -> Map.of()),
              new DocumentMapper(new TableMappings(Map.of())),
              new SizeLimits(1_000, 1_000)),
          new IdleSink(),
          new FailureRecorder(new InMemoryLedger().failures()),
          ForgetfulProgress.of(new IdleFeed()),
          new IndexingConfiguration(
              1,
              1_000,
              1_000,
              1_000,
              1_000,
              Duration.ofMillis(1),
              Duration.ofMillis(1),
              Duration.ZERO,
              Duration.ofSeconds(5),
              false),
          Signals.of(new SimpleMeterRegistry()),
          Clock.systemUTC());

  private HealthStatus status() {
    return status(new IndexingHealth(loop));
  }

  private static HealthStatus status(HealthIndicator indicator) {
    HealthResult result = Mono.from(indicator.getResult()).block();
    assertThat(result).isNotNull();
    return result.getStatus();
  }

  @Test
  void aLoopIsDownOnlyOnceItHasEnded() {
    assertThat(status()).isEqualTo(HealthStatus.UP);
    loop.start();
    assertThat(status()).isEqualTo(HealthStatus.UP);
    loop.close();
    assertThat(status()).isEqualTo(HealthStatus.DOWN);
  }

  @Test
  void consumptionIsDownOnceTheLoopHasEnded() {
    loop.start();
    assertThat(status(new ConsumptionHealth(loop, new IdleFeed()))).isEqualTo(HealthStatus.UP);
    loop.close();
    assertThat(status(new ConsumptionHealth(loop, new IdleFeed()))).isEqualTo(HealthStatus.DOWN);
  }

  private static final class IdleSink implements IndexSink {

    @Override
    public List<Outcome> apply(List<DocumentChange> changes) {
      return List.of();
    }

    @Override
    public SinkStatus status() {
      return new SinkStatus(true, "");
    }

    @Override
    public void close() {}
  }
}
