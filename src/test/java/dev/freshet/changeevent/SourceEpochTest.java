package dev.freshet.changeevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceEpochTest {

  private static final String EPOCH = "x-freshet-source-epoch";
  private static final String REASON = "x-freshet-reason";
  private static final String BODY =
      """
      {"op":"u","after":{"id":42},
       "source":{"schema":"public","table":"products","lsn":7}}
      """;

  private final ChangeEventDecoder decoder =
      new ChangeEventDecoder(2, "__debezium_unavailable_value", ColumnTypes.NONE);

  private int epochOf(Map<String, String> headers) {
    var message =
        new ChangeMessage("public.products", headers, BODY.getBytes(StandardCharsets.UTF_8));
    var event = (RowUpserted) decoder.decode(message, Instant.EPOCH);
    int epoch = ((WalPosition) event.origin().position()).epoch();
    assertThat(decoder.sourceEpoch(message)).isEqualTo(epoch);
    return epoch;
  }

  @Test
  void aDeadLetterKeepsTheEpochUnderWhichItWasRead() {
    assertThat(epochOf(Map.of(EPOCH, "0", REASON, "missing-column"))).isZero();
    assertThat(epochOf(Map.of(EPOCH, "1"))).isEqualTo(1);
  }

  @Test
  void theEpochIsRaisedForWhatShowedThatTheSourceIsAnother() {
    assertThat(epochOf(Map.of(EPOCH, "1", REASON, "source-restarted"))).isEqualTo(2);
    assertThat(epochOf(Map.of(EPOCH, "1", REASON, "other-source"))).isEqualTo(2);
  }

  @Test
  void aMessageThatCarriesNoneHasThatOfToday() {
    assertThat(epochOf(Map.of())).isEqualTo(2);
    assertThat(epochOf(Map.of(REASON, "missing-column"))).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "2147483647", "-1", "99999999999", "", "one"})
  void anEpochThatHasNotBeenDoesNotCount(String carried) {
    assertThat(epochOf(Map.of(EPOCH, carried))).isEqualTo(2);
  }
}
