package dev.freshet.search;

import dev.freshet.search.FilterToken.Kind;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.FilterParser;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the language in which people write conditions on a document's metadata:
 *
 * <pre>
 * expression = condition { "and" condition }
 * condition  = column operator value | column "in" "(" value { "," value } ")"
 * operator   = "=" | "!=" | "&gt;" | "&gt;=" | "&lt;" | "&lt;="
 * </pre>
 *
 * <p>Keywords are read in any case. A value without quotes is a boolean ({@code true}, {@code
 * false}), a number as JSON writes it, or else a text without spaces and signs; in single quotes it
 * is always a text, and {@code ''} stands for a quote. A column whose name has spaces or signs
 * stands in double quotes.
 */
public final class FilterExpressionParser implements FilterParser {

  /** A store's query grows with each one. */
  private static final int MOST_CONDITIONS = 64;

  /**
   * Reads an expression.
   *
   * @throws InvalidFilterException when it cannot be read
   */
  @Override
  public Filter parse(String expression) {
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

    Filter expression() {
      Filter all = condition();
      for (int count = 2; current().kind() != Kind.END; count++) {
        if (!take().isKeyword("and")) {
          throw expected("'and' or the end (a value with spaces or signs needs single quotes)");
        }
        if (count > MOST_CONDITIONS) {
          throw new InvalidFilterException(
              current().position(), "there are more than " + MOST_CONDITIONS + " conditions");
        }
        all = Filter.and(all, condition());
      }
      return all;
    }

    private Filter condition() {
      FilterToken column = take();
      if (column.text().isEmpty() || (column.kind() != Kind.BARE && column.kind() != Kind.COLUMN)) {
        throw expected("a column");
      }
      FilterToken operator = take();
      if (operator.isKeyword("in")) {
        return new IsIn(column.text(), values());
      }
      if (operator.kind() != Kind.SYMBOL) {
        throw expected("an operator; " + FilterToken.OPERATORS);
      }
      return comparison(column.text(), operator);
    }

    private Filter comparison(String column, FilterToken operator) {
      return switch (operator.text()) {
        case "=" -> new IsEqualTo(column, value());
        case "!=" -> new IsNotEqualTo(column, value());
        case ">" -> new IsGreaterThan(column, orderedValue());
        case ">=" -> new IsGreaterThanOrEqualTo(column, orderedValue());
        case "<" -> new IsLessThan(column, orderedValue());
        case "<=" -> new IsLessThanOrEqualTo(column, orderedValue());
        default -> throw expected("an operator; " + FilterToken.OPERATORS);
      };
    }

    private List<Object> values() {
      expectSymbol("(");
      var values = new ArrayList<Object>();
      do {
        values.add(value());
        if (kind(values.get(0)) != kind(values.get(values.size() - 1))) {
          throw expected("a value of the same type as the first (put texts in single quotes)");
        }
      } while (takeIf(","));
      expectSymbol(")");
      return values;
    }

    private static Class<?> kind(Object value) {
      return value instanceof Number ? Number.class : value.getClass();
    }

    private Object value() {
      FilterToken token = take();
      if (token.kind() != Kind.BARE && token.kind() != Kind.TEXT) {
        throw expected("a value");
      }
      return FilterLiteral.of(token);
    }

    private Comparable<?> orderedValue() {
      Object value = value();
      if (value instanceof Boolean || !(value instanceof Comparable<?> comparable)) {
        throw expected("a number or a text, as true and false have no order");
      }
      return comparable;
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
