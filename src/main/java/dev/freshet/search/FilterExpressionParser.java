package dev.freshet.search;

import dev.freshet.index.Condition;
import dev.freshet.index.Condition.Comparison;
import dev.freshet.index.Condition.Contains;
import dev.freshet.index.Condition.In;
import dev.freshet.index.Condition.IsNotNull;
import dev.freshet.index.Condition.IsNull;
import dev.freshet.index.Condition.Operator;
import dev.freshet.index.FilterValue;
import dev.freshet.search.FilterToken.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the language in which people write conditions on a document's metadata:
 *
 * <pre>
 * expression = condition { "and" condition }
 * condition  = column operator value | column "in" "(" value { "," value } ")"
 *            | column "contains" value | column "is" ["not"] "null"
 * operator   = "=" | "!=" | "&gt;" | "&gt;=" | "&lt;" | "&lt;="
 * </pre>
 *
 * <p>Keywords are read in any case. A value without quotes is a boolean ({@code true}, {@code
 * false}), a number as JSON writes it, or else a text without spaces and signs; in single quotes it
 * is always a text, and {@code ''} stands for a quote. A column whose name has spaces or signs
 * stands in double quotes.
 */
public final class FilterExpressionParser {

  /** A store's query grows with each one. */
  private static final int MOST_CONDITIONS = 64;

  private static final int MOST_VALUES = 1_000;

  /**
   * Reads an expression.
   *
   * @throws InvalidFilterException when it cannot be read
   */
  public Condition parse(String expression) {
    return new Parsing(FilterToken.split(expression)).expression();
  }

  /** One expression's reading. */
  private static final class Parsing {

    private final List<FilterToken> tokens;
    private FilterToken taken;
    private int next;

    Parsing(List<FilterToken> tokens) {
      this.tokens = tokens;
      this.taken = tokens.get(0);
    }

    Condition expression() {
      Condition all = condition();
      for (int count = 2; current().kind() != Kind.END; count++) {
        if (!take().isKeyword("and")) {
          throw expected("'and' or the end (a value with spaces or signs needs single quotes)");
        }
        if (count > MOST_CONDITIONS) {
          throw new InvalidFilterException(
              current().position(), "there are more than " + MOST_CONDITIONS + " conditions");
        }
        all = all.and(condition());
      }
      return all;
    }

    private Condition condition() {
      FilterToken column = take();
      if (column.text().isEmpty() || (column.kind() != Kind.BARE && column.kind() != Kind.COLUMN)) {
        throw expected("a column");
      }
      FilterToken operator = take();
      if (operator.isKeyword("in")) {
        return new In(column.text(), values());
      }
      if (operator.isKeyword("contains")) {
        return new Contains(column.text(), value());
      }
      if (operator.isKeyword("is")) {
        return nullity(column.text());
      }
      return new Comparison(column.text(), operator(operator), value(operator));
    }

    private Condition nullity(String column) {
      FilterToken token = take();
      boolean not = token.isKeyword("not");
      if (!(not ? take() : token).isKeyword("null")) {
        throw expected("'null' or 'not null' after 'is'");
      }
      return not ? new IsNotNull(column) : new IsNull(column);
    }

    private Operator operator(FilterToken token) {
      return Arrays.stream(Operator.values())
          .filter(operator -> token.isSymbol(operator.sign()))
          .findFirst()
          .orElseThrow(() -> expected("an operator; " + FilterToken.OPERATORS));
    }

    private List<FilterValue> values() {
      expectSymbol("(");
      var values = new ArrayList<FilterValue>();
      do {
        values.add(value());
        if (!values.get(0).getClass().equals(values.get(values.size() - 1).getClass())) {
          throw expected("a value of the same type as the first (put texts in single quotes)");
        }
        if (values.size() > MOST_VALUES) {
          throw new InvalidFilterException(
              taken.position(), "there are more than " + MOST_VALUES + " values");
        }
      } while (takeIf(","));
      expectSymbol(")");
      return values;
    }

    private FilterValue value() {
      FilterToken token = take();
      if (token.kind() != Kind.BARE && token.kind() != Kind.TEXT) {
        throw expected("a value");
      }
      return FilterLiteral.of(token);
    }

    private FilterValue value(FilterToken operator) {
      FilterValue value = value();
      boolean equality = operator.isSymbol("=") || operator.isSymbol("!=");
      if (!equality && value instanceof FilterValue.Truth) {
        throw expected("a number or a text, as true and false have no order");
      }
      return value;
    }

    private FilterToken current() {
      return tokens.get(next);
    }

    private FilterToken take() {
      FilterToken token = current();
      // The last token is the end: it is taken again and again.
      next = Math.min(next + 1, tokens.size() - 1);
      taken = token;
      return token;
    }

    private boolean takeIf(String symbol) {
      boolean matches = current().isSymbol(symbol);
      if (matches) {
        take();
      }
      return matches;
    }

    private void expectSymbol(String symbol) {
      if (!take().isSymbol(symbol)) {
        throw expected("'" + symbol + "'");
      }
    }

    /** The token that was taken last is none of those that may stand there. */
    private InvalidFilterException expected(String what) {
      return new InvalidFilterException(
          taken.position(), "expected " + what + ", found " + taken.described());
    }
  }
}
