package dev.freshet.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Position;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotReadsTest {

  private static final String ENVELOPE =
      """
      {"schema": null, "payload": {"op": "%s", "ts_ms": 2000, "before": null,
       "after": {"id": 1, "price": 1.10, "big": 12345678901234567890},
       "source": {"name": "freshet", "db": "shop", "schema": "public", "table": "products",
        "ts_ms": 1000, "txId": 7, "lsn": %d, "sequence": %s}}}
      """;

  /** Begun before the rows were read at 200, and committed behind it; 190 is the commit before. */
  private static final String UNDER_WAY =
      ENVELOPE.formatted("u", 195, "\"[\\\"190\\\",\\\"195\\\"]\"");

  private static final String READ = ENVELOPE.formatted("r", 200, "\"[null,\\\"200\\\"]\"");

  private final ChangeEventDecoder decoder =
      new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE);

  private Position position(byte[] body) {
    ChangeEvent event =
        decoder.decode(new ChangeMessage("public.products", Map.of(), body), Instant.EPOCH);
    return ((ChangeEvent.RowEvent) event).origin().position();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aReadYieldsToTheTransactionThatWasUnderWay() {
    assertThat(position(bytes(UNDER_WAY)).supersedes(position(bytes(READ)))).isFalse();

    byte[] yielding = SnapshotReads.yielding(READ, new Lsn(100));

    assertThat(position(bytes(UNDER_WAY)).supersedes(position(yielding))).isTrue();
  }

  @Test
  void nothingElseOfItChanges() {
    String yielding =
        new String(SnapshotReads.yielding(READ, new Lsn(100)), StandardCharsets.UTF_8);

    assertThat(yielding)
        .contains("\"price\":1.10", "\"big\":12345678901234567890", "\"lsn\":100")
        .doesNotContain("sequence");
  }
}
