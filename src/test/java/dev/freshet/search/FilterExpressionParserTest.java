package dev.freshet.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterExpressionParserTest {

  private final FilterExpressionParser parser = new FilterExpressionParser();

  static Stream<Arguments> expressions() {
    return Stream.of(
        Arguments.of("category=books", new IsEqualTo("category", "books")),
        Arguments.of(" category  =  books ", new IsEqualTo("category", "books")),
        Arguments.of("category!=toys", new IsNotEqualTo("category", "toys")),
        Arguments.of("price>=10", new IsGreaterThanOrEqualTo("price", 10L)),
        Arguments.of("price>-10.5", new IsGreaterThan("price", -10.5)),
        Arguments.of("price<1e3", new IsLessThan("price", 1000.0)),
        Arguments.of("day<=2026-01-02", new IsLessThanOrEqualTo("day", "2026-01-02")),
        Arguments.of("in_stock=TRUE", new IsEqualTo("in_stock", true)),
        Arguments.of("in_stock!=false", new IsNotEqualTo("in_stock", false)),
        Arguments.of("category in (books,toys)", new IsIn("category", List.of("books", "toys"))),
        Arguments.of("category IN('a, b')", new IsIn("category", List.of("a, b"))),
        Arguments.of("year in ( 1984 , 2001 )", new IsIn("year", List.of(1984L, 2001L))),
        Arguments.of(
            "a=1 and b=2 AND c=3",
            Filter.and(
                Filter.and(new IsEqualTo("a", 1L), new IsEqualTo("b", 2L)),
                new IsEqualTo("c", 3L))),
        Arguments.of(
            "and=and and in=in",
            Filter.and(new IsEqualTo("and", "and"), new IsEqualTo("in", "in"))),
        Arguments.of("\"the \"\"unit\"\" price\">1", new IsGreaterThan("the \"unit\" price", 1L)));
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void anExpressionBecomesAFilter(String expression, Filter filter) {
    assertThat(parser.parse(expression)).isEqualTo(filter);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("9007199254740993", 9007199254740993L),
        Arguments.of("-9223372036854775808", Long.MIN_VALUE),
        Arguments.of("9223372036854775808", "9223372036854775808"),
        Arguments.of("1.10", 1.1),
        Arguments.of("0.1234567890123456789", new BigDecimal("0.1234567890123456789")),
        Arguments.of("007", "007"),
        Arguments.of("+1", "+1"),
        Arguments.of("1.", "1."),
        Arguments.of("NaN", "NaN"),
        Arguments.of("null", "null"),
        Arguments.of("'10'", "10"),
        Arguments.of("'true'", "true"),
        Arguments.of("''", ""),
        Arguments.of("'O''Reilly'", "O'Reilly"),
        Arguments.of("'a and b=1'", "a and b=1"),
        Arguments.of("дом/\\%_*?", "дом/\\%_*?"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueHasTheTypeThatItsFormTells(String text, Object value) {
    assertThat(((IsEqualTo) parser.parse("column=" + text)).comparisonValue()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table freshet_segment; --",
        "' or '1'='1",
        "\\",
        "{{x}}",
        "*:* OR title:x",
        "$1 :name ?",
        "\0\u202e\ud83d"
      })
  void hostileTextIsOnlyText(String hostile) {
    String quoted = "'" + hostile.replace("'", "''") + "'";
    String column = "\"" + hostile + "\"";

    assertThat(parser.parse(column + " = " + quoted)).isEqualTo(new IsEqualTo(hostile, hostile));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                      | at character 1: expected a column, found the end
          `   `                   | at character 4: expected a column, found the end
          =books                  | at character 1: expected a column, found '='
          'a'=1                   | at character 1: expected a column, found 'a'
          ""=1                    | at character 1: expected a column
          price                   | at character 6: expected an operator; the operators are =, !=
          price 10                | at character 7: expected an operator
          price,10                | at character 6: expected an operator
          price=                  | at character 7: expected a value, found the end
          price==10               | at character 7: expected a value, found '='
          price=>10               | at character 7: expected a value, found '>'
          price!10                | at character 6: '!' is no operator
          price="10"              | at character 7: expected a value
          title=science fiction   | at character 15: expected 'and' or the end (a value with spaces
          a=1 or b=2              | at character 5: expected 'and' or the end
          a=1 and                 | at character 8: expected a column, found the end
          a=1; b=2                | at character 6: expected 'and' or the end
          title='open             | at character 7: the quote ' is never closed
          "title=1                | at character 1: the quote " is never closed
          in_stock>true           | at character 10: expected a number or a text
          a in books              | at character 6: expected '(', found 'books'
          a in ()                 | at character 7: expected a value, found ')'
          a in (1,)               | at character 9: expected a value, found ')'
          a in (1                 | at character 8: expected ')', found the end
          a in (1,b)              | at character 9: expected a value of the same type
          a in (1)b=2             | at character 9: expected 'and' or the end
          a not in (1)            | at character 3: expected an operator
          a=1e999999              | at character 3: '1e999999' has more than 400 digits
          a=1e-999999             | at character 3: '1e-999999' has more than 400 digits
          """)
  void aMistakeIsShownWithItsPlace(String expression, String message) {
    assertThatThrownBy(() -> parser.parse(expression))
        .isInstanceOf(InvalidFilterException.class)
        .hasMessageContaining(message);
  }

  @Test
  void moreConditionsThanAStoreBearsAreRefused() {
    String most = String.join(" and ", Collections.nCopies(64, "a=1"));

    assertThat(parser.parse(most)).isNotNull();
    assertThatThrownBy(() -> parser.parse(most + " and a=1"))
        .isInstanceOf(InvalidFilterException.class)
        .hasMessageContaining("more than 64 conditions");
  }

  @Test
  void aLongMistakeIsNotRepeatedInFull() {
    assertThatThrownBy(() -> parser.parse("a=1 " + "x".repeat(5000)))
        .hasMessageContaining("…'")
        .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
        .hasSizeLessThan(200);
  }
}
