package dev.freshet.search;

import static dev.freshet.index.Condition.Operator.AT_LEAST;
import static dev.freshet.index.Condition.Operator.AT_MOST;
import static dev.freshet.index.Condition.Operator.EQUAL;
import static dev.freshet.index.Condition.Operator.GREATER;
import static dev.freshet.index.Condition.Operator.LESS;
import static dev.freshet.index.Condition.Operator.NOT_EQUAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.index.Condition;
import dev.freshet.index.Condition.All;
import dev.freshet.index.Condition.Comparison;
import dev.freshet.index.Condition.Contains;
import dev.freshet.index.Condition.In;
import dev.freshet.index.Condition.IsNotNull;
import dev.freshet.index.Condition.IsNull;
import dev.freshet.index.Condition.Operator;
import dev.freshet.index.FilterValue;
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
        Arguments.of("category=books", comparison("category", EQUAL, FilterValue.of("books"))),
        Arguments.of(
            " category  =  books ", comparison("category", EQUAL, FilterValue.of("books"))),
        Arguments.of("category!=toys", comparison("category", NOT_EQUAL, FilterValue.of("toys"))),
        Arguments.of("price>=10", comparison("price", AT_LEAST, FilterValue.of(10))),
        Arguments.of("price>-10.5", comparison("price", GREATER, number("-10.5"))),
        Arguments.of("price<1e3", comparison("price", LESS, FilterValue.of(1000))),
        Arguments.of("day<=2026-01-02", comparison("day", AT_MOST, FilterValue.of("2026-01-02"))),
        Arguments.of("in_stock=TRUE", comparison("in_stock", EQUAL, FilterValue.of(true))),
        Arguments.of("in_stock!=false", comparison("in_stock", NOT_EQUAL, FilterValue.of(false))),
        Arguments.of("category in (books,toys)", in("category", "books", "toys")),
        Arguments.of("category IN('a, b')", in("category", "a, b")),
        Arguments.of(
            "year in ( 1984 , 2001 )",
            new In("year", List.of(FilterValue.of(1984), FilterValue.of(2001)))),
        Arguments.of("tags contains 'a b'", new Contains("tags", FilterValue.of("a b"))),
        Arguments.of("years CONTAINS 2019", new Contains("years", FilterValue.of(2019))),
        Arguments.of("owner is null", new IsNull("owner")),
        Arguments.of("owner IS NOT NULL", new IsNotNull("owner")),
        Arguments.of("is is null", new IsNull("is")),
        Arguments.of("null = null", comparison("null", EQUAL, FilterValue.of("null"))),
        Arguments.of(
            "a=1 and b=2 AND c=3",
            new All(
                List.of(
                    comparison("a", EQUAL, FilterValue.of(1)),
                    comparison("b", EQUAL, FilterValue.of(2)),
                    comparison("c", EQUAL, FilterValue.of(3))))),
        Arguments.of(
            "and=and and in=in",
            new All(
                List.of(
                    comparison("and", EQUAL, FilterValue.of("and")),
                    comparison("in", EQUAL, FilterValue.of("in"))))),
        Arguments.of(
            "\"the \"\"unit\"\" price\">1",
            comparison("the \"unit\" price", GREATER, FilterValue.of(1))));
  }

  private static Condition comparison(String column, Operator operator, FilterValue value) {
    return new Comparison(column, operator, value);
  }

  private static Condition in(String column, String... texts) {
    return new In(column, Stream.of(texts).map(FilterValue::of).toList());
  }

  private static FilterValue number(String digits) {
    return FilterValue.of(new BigDecimal(digits));
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void anExpressionBecomesACondition(String expression, Condition condition) {
    assertThat(parser.parse(expression)).isEqualTo(condition);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("9007199254740993", number("9007199254740993")),
        Arguments.of("-9223372036854775808", FilterValue.of(Long.MIN_VALUE)),
        Arguments.of("9223372036854775808", number("9223372036854775808")),
        Arguments.of("1.10", number("1.1")),
        Arguments.of("0.1234567890123456789", number("0.1234567890123456789")),
        Arguments.of("007", FilterValue.of("007")),
        Arguments.of("+1", FilterValue.of("+1")),
        Arguments.of("1.", FilterValue.of("1.")),
        Arguments.of("NaN", FilterValue.of("NaN")),
        Arguments.of("null", FilterValue.of("null")),
        Arguments.of("'10'", FilterValue.of("10")),
        Arguments.of("'true'", FilterValue.of("true")),
        Arguments.of("''", FilterValue.of("")),
        Arguments.of("'O''Reilly'", FilterValue.of("O'Reilly")),
        Arguments.of("'a and b=1'", FilterValue.of("a and b=1")),
        Arguments.of("дом/\\%_*?", FilterValue.of("дом/\\%_*?")));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueHasTheTypeThatItsFormTells(String text, FilterValue value) {
    assertThat(((Comparison) parser.parse("column=" + text)).value()).isEqualTo(value);
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

    assertThat(parser.parse(column + " = " + quoted))
        .isEqualTo(comparison(hostile, EQUAL, FilterValue.of(hostile)));
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
          price!10                | at character 6: '!' is not an operator
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
          a is 1                  | at character 6: expected 'null' or 'not null' after 'is'
          a is not                | at character 9: expected 'null' or 'not null' after 'is'
          a contains              | at character 11: expected a value, found the end
          a contains (1)          | at character 12: expected a value, found '('
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
