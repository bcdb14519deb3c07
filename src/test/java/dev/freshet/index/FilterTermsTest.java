package dev.freshet.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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

  private boolean matches(String filter) {
    var condition = new dev.freshet.search.FilterExpressionParser().parse(filter);
    return FilterTerms.of(condition) instanceof TermFilter.AnyOf any
        && any.terms().stream().anyMatch(FilterTerms.of(row)::contains);
  }
}
