package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.changeevent.SourceName;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.document.MessageReader;
import dev.freshet.document.ReadMessage;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.Delivery;
import dev.freshet.indexing.Batch.Skipped;
import dev.freshet.source.SourceOwnership;
import dev.freshet.support.InMemoryNotes;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceFilterTest {

  private static final String HEARTBEAT =
      "{\"op\":\"m\",\"ts_ms\":1795195423881,\"source\":{\"connector\":\"postgresql\",\"name\":\"%s\","
          + "\"db\":\"shop\",\"ts_ms\":1795195423881,\"lsn\":200,\"sequence\":\"[\\\"199\\\",\\\"200\\\"]\"},"
          + "\"message\":{\"prefix\":\"heartbeat\",\"content\":\"\"}}";

  private final MessageReader reader =
      new MessageReader(
          new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE),
          new DocumentMapper(new TableMappings(Map.of())),
          new SizeLimits(1_000, 1_000));
  private final SourceOwnership sources =
      new SourceOwnership(new InMemoryNotes(), Clock.systemUTC());
  private final SourceFilter filter = new SourceFilter(sources, reader, Clock.systemUTC());

  @Test
  void onlyAHeartbeatOfTheOwnSourceCounts() {
    sources.claim(new SourceName("db", "shop"), 0);

    SourceFilter.Filtered own = filter.filter(heartbeat("db"));
    SourceFilter.Filtered other = filter.filter(heartbeat("crm"));

    assertThat(own.heartbeat()).isTrue();
    assertThat(own.own()).isTrue();
    assertThat(other.heartbeat()).isFalse();
    assertThat(other.own()).isFalse();
  }

  private Batch heartbeat(String source) {
    Delivery delivery = RecordingFeed.delivery(HEARTBEAT.formatted(source));
    ReadMessage read = reader.read(delivery.message(), delivery.receivedAt());
    var trace = MessageTrace.carriedBy(delivery.message());
    var skipped = new Skipped(delivery, (Ignored) read.result(), read.progress(), trace);
    assertThat(skipped.ignored().reason()).isEqualTo(Ignored.Reason.HEARTBEAT);
    return new Batch(List.of(), List.of(skipped), List.of());
  }
}
