package dev.freshet.changeevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.Corpus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueDecodingTest {

  private static final String PLACEHOLDER = "__debezium_unavailable_value";
  private static final Instant NOW = Instant.EPOCH;

  @ParameterizedTest
  @CsvSource({"mysql, op", "mongodb, op", "sqlserver, op", "mysql, __op"})
  void anEventOfAnotherConnectorIsRefusedByItsName(String connector, String form) {
    String body =
        form.equals("op")
            ? "{\"op\":\"c\",\"after\":{\"id\":1,\"title\":\"t\"},\"source\":{\"connector\":\"%s\",\"db\":\"public\",\"table\":\"products\"}}"
            : "{\"id\":1,\"title\":\"t\",\"__op\":\"c\",\"__connector\":\"%s\"}";
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> decode(message(body.formatted(connector)), ColumnTypes.NONE))
        .withMessageContaining("'" + connector + "'");
  }

  /** As Debezium sends it streamed, and in a snapshot. */
  @ParameterizedTest
  @CsvSource({
    "-2147472692, infinity",
    "-622191234, infinity",
    "-2147472691, -infinity",
    "-625821272, -infinity"
  })
  void anInfiniteDateIsInfinity(long days, String expected) {
    String body = "{\"id\":1,\"title\":\"t\",\"d\":%d}".formatted(days);
    Map<String, ColumnType> types = Map.of("d", ColumnType.named("date"));
    var event = (RowUpserted) decode(message(body), table -> types);
    assertThat(event.row().values().get("d").asText()).isEqualTo(expected);
  }

  private static ChangeEvent decode(ChangeMessage message, ColumnTypes types) {
    return new ChangeEventDecoder(0, PLACEHOLDER, types).decode(message, NOW);
  }

  private static Row row(String entry) {
    return row(entry, ColumnTypes.NONE);
  }

  private static Row row(String entry, ColumnTypes types) {
    return ((RowUpserted) decode(Corpus.entry(entry).message(), types)).row();
  }

  private static ChangeMessage message(String body) {
    return new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Row row, String column) {
    return row.values().get(column).asText();
  }

  @ParameterizedTest
  @CsvSource({
    "id, 9007199254740993",
    "num, 12345678901234567890.123456789",
    "num102, 12.30",
    "num5, 99999",
    "mon, 1234.56",
    "d, 2024-02-29",
    "t, 12:34:56.789012",
    "ttz, 10:34:56Z",
    "ts, 2024-02-29T12:34:56.789012",
    "ts0, 2024-02-29T12:34:56",
    "ts3, 2024-02-29T12:34:56.789",
    "tstz, 2024-02-29T07:34:56.789012Z",
    "iv, PT10303H5M6S",
    "by, AP8Q",
    "u, 11111111-2222-3333-4444-555555555555",
  })
  void aMessageWithItsSchemaIsDecodedByType(String column, String expected) {
    assertThat(text(row("schemas/046-types-c-public.types_zoo.json"), column)).isEqualTo(expected);
  }

  @Test
  void infiniteTimestampsAreNamed() {
    assertThat(text(row("schemas/047-types-special-c-public.types_zoo.json"), "ts"))
        .isEqualTo("infinity");
  }

  @Test
  void decimalsAreExactInAllThreeModes() {
    ColumnTypes types = table -> Map.of("num102", ColumnType.named("decimal(2)"));
    assertThat(text(row("plain/046-types-c-public.types_zoo.json", types), "num102"))
        .isEqualTo("12.30");
    assertThat(text(row("plain/046-types-c-public.types_zoo.json", types), "num"))
        .isEqualTo("12345678901234567890.123456789");
    assertThat(text(row("time-isostring/010-types-c-public.types_zoo.json"), "num102"))
        .isEqualTo("12.30");
    assertThat(text(row("decimal-double/010-types-c-public.types_zoo.json"), "num102"))
        .isEqualTo("12.3");
  }

  @Test
  void configuredTypesDecodeMessagesWithoutSchema() {
    ColumnTypes types =
        table ->
            Map.of(
                "d", ColumnType.named("date"),
                "t", ColumnType.named("time-micros"),
                "ts", ColumnType.named("timestamp-micros"),
                "ts0", ColumnType.named("timestamp-millis"));
    Row row = row("plain/046-types-c-public.types_zoo.json", types);
    assertThat(text(row, "d")).isEqualTo("2024-02-29");
    assertThat(text(row, "t")).isEqualTo("12:34:56.789012");
    assertThat(text(row, "ts")).isEqualTo("2024-02-29T12:34:56.789012");
    assertThat(text(row, "ts0")).isEqualTo("2024-02-29T12:34:56");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "j", "arr", "ia", "b", "v", "nn"})
  void anUnchangedLargeValueIsUnavailableWhateverItsType(String column) {
    Row row = row("toast-types/002-update-small-toasts-unchanged-u-public.docs.json");
    assertThat(row.unavailable()).contains(column);
    assertThat(row.values()).containsOnlyKeys("id", "small");
  }

  @Test
  void integersBeyondTheDoubleRangeAreExact() {
    assertThat(text(row("plain/027-composite-insert-c-public.order_lines.json"), "order_id"))
        .isEqualTo("9223372036854775807");
  }

  @Test
  void unicodeComesThrough() {
    Row row = row("plain/009-unicode-c-public.products.json");
    assertThat(text(row, "title")).startsWith("日本語タイトル").contains("👩‍👩‍👧");
    assertThat(text(row, "description")).contains("\u0001").contains("back\\\\slash");
  }

  @Test
  void theOldKeyIsDecodedFromItsHeader() {
    var event =
        (RowUpserted)
            decode(
                Corpus.entry("schemas/017-pk-change-c-public.products.json").message(),
                ColumnTypes.NONE);
    assertThat(Objects.requireNonNull(event.movedFrom()).values().get("id").asInt()).isEqualTo(6);
  }

  @Test
  void anUnknownOperationIsNoError() {
    assertThat(
            decode(
                message("{\"op\":\"z\",\"source\":{\"schema\":\"public\",\"table\":\"t\"}}"),
                ColumnTypes.NONE))
        .isEqualTo(new ChangeEvent.Unknown("z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "1",
        "{}",
        "\"text\"",
        "{\"op\":\"c\",\"after\":null,\"source\":{\"schema\":\"public\",\"table\":\"t\"}}",
        "{\"op\":\"u\",\"after\":[1],\"source\":{\"schema\":\"public\",\"table\":\"t\"}}",
        "{\"specversion\":\"1.0\",\"type\":\"x\",\"data\":{}}",
        "{\"id\":1} trailing",
      })
  void whatIsNoChangeEventIsUndecodable(String body) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> decode(message(body), ColumnTypes.NONE))
        .satisfies(
            rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.UNDECODABLE));
  }

  @Test
  void aValueThatIsNotEncodedAsItsTypeSaysIsUndecodableAndNotQuoted() {
    ColumnTypes types = table -> Map.of("price", ColumnType.named("decimal(2)"));
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> decode(message("{\"id\":1,\"price\":\"secret!\"}"), types))
        .withMessageContaining("'price'")
        .satisfies(rejected -> assertThat(rejected.detail()).doesNotContain("secret"));
  }

  @Test
  void aFlatRowWithoutATableIsRejected() {
    var message = new ChangeMessage("", Map.of(), "{\"id\":1}".getBytes(StandardCharsets.UTF_8));
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> decode(message, ColumnTypes.NONE))
        .satisfies(
            rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.MISSING_TABLE));
  }
}
