package dev.freshet.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTermsTest {

  private final ObjectNode row = JsonNodeFactory.instance.objectNode();

  private static int length(ObjectNode row) {
    return FilterTerms.of(row).stream().mapToInt(String::length).sum();
  }

  @Test
  void aTextOfTwiceTheLengthTakesNoMoreRoom() {
    row.put("body", "word ".repeat(100_000));
    int length = length(row);
    row.put("body", "word ".repeat(200_000));

    assertThat(length(row)).isEqualTo(length).isLessThan(1_000);
  }

  @Test
  void anArrayOfAnyLengthTakesABoundedRoom() {
    var array = row.putArray("numbers");
    IntStream.range(0, 100_000).forEach(array::add);

    assertThat(FilterTerms.of(row)).hasSizeLessThan(FilterTerms.MOST_ELEMENTS + 10);
  }

  @Test
  void aRowOfAnyWidthTakesABoundedRoom() {
    IntStream.range(0, 100_000).forEach(column -> row.put("column" + column, column));

    assertThat(FilterTerms.of(row)).hasSizeLessThan(6_000);
  }

  @Test
  void aColumnsNameIsNoPartOfAnothersValue() {
    row.put("a\u0001tb", "c");

    assertThat(FilterTerms.of(row)).doesNotContain("a\u0001tb\u0001tc");
    assertThat(matches("\"a\u0001tb\" = c")).isTrue();
    assertThat(matches("a = 'b\u0001tc'")).isFalse();
  }

  @Test
  void aNumberThatIsATextInMetadataIsNoNumberInAnArrayEither() {
    row.put("json", "[1e131000, 1e999999, 2]");

    assertThat(matches("json contains 2")).isTrue();
    assertThat(matches("json contains '1E+131000'")).isTrue();
  }

  @Test
  void whatOnlyLooksLikeAnArrayIsAText() {
    row.put("json", "[1, 2");
    row.put("note", "[see above]");

    assertThat(matches("json contains 1")).isFalse();
    assertThat(matches("note = '[see above]'")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "price > 9, true",
        "price > 10, false",
        "price >= 10, true",
        "price < 10.01, true",
        "price <= 9.99, false",
        "price != 10, false",
        "name < lamp, false",
        "name <= lamp, true",
        "name > '\ud83d\ude00', false",
        "sign > '\uffff', true",
        "day < '2026-01-02T00:00:01Z', true",
        "day > '2026-01-02T00:00:00+01:00', true",
        "owner is null and price is not null, true",
        "owner is not null, false",
        "\"name in (desk, lamp)\", true",
        "name = lamp and price = 11, false",
        "active = true, true",
      })
  void aFilterHoldsOfTermsAsOfValues(String filter, boolean holds) {
    row.put("price", 10).put("name", "lamp").put("sign", "\ud83d\ude00").put("active", true);
    row.put("day", "2026-01-02T00:00:00Z").putNull("owner");

    assertThat(matches(filter)).isEqualTo(holds);
  }

  private boolean matches(String filter) {
    var condition = new dev.freshet.search.FilterExpressionParser().parse(filter);
    return FilterTerms.of(condition).holds(FilterTerms.of(row));
  }
}
