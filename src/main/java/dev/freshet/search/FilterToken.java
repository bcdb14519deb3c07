package dev.freshet.search;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a filter expression.
 *
 * @param text without its quotes
 * @param position of its first character, from 1
 */
record FilterToken(Kind kind, String text, int position) {

  static final String OPERATORS =
      "the operators are =, !=, >, >=, <, <=, in, contains, is null and is not null";

  private static final String SEPARATORS = "'\"(),=<>!";
  private static final List<String> SYMBOLS =
      List.of("!=", ">=", "<=", "=", ">", "<", "(", ")", ",");

  /** What a token may stand for. */
  enum Kind {
    /** Letters without quotes: a column, a value or a keyword. */
    BARE,
    /** Between single quotes: a value, always text. */
    TEXT,
    /** Between double quotes: a column. */
    COLUMN,
    SYMBOL,
    END
  }

  static List<FilterToken> split(String expression) {
    var tokens = new ArrayList<FilterToken>();
    int start = 0;
    while (start < expression.length()) {
      start =
          Character.isWhitespace(expression.charAt(start))
              ? start + 1
              : add(tokens, expression, start);
    }
    tokens.add(new FilterToken(Kind.END, "", expression.length() + 1));
    return tokens;
  }

  private static int add(List<FilterToken> tokens, String expression, int start) {
    char first = expression.charAt(start);
    if (first == '\'' || first == '"') {
      return addQuoted(tokens, expression, start, first);
    }
    for (String symbol : SYMBOLS) {
      if (expression.startsWith(symbol, start)) {
        tokens.add(new FilterToken(Kind.SYMBOL, symbol, start + 1));
        return start + symbol.length();
      }
    }
    int end = start;
    while (end < expression.length() && isBare(expression.charAt(end))) {
      end++;
    }
    if (end == start) {
      throw new InvalidFilterException(
          start + 1, "'" + first + "' is not an operator; " + OPERATORS);
    }
    tokens.add(new FilterToken(Kind.BARE, expression.substring(start, end), start + 1));
    return end;
  }

  private static boolean isBare(char character) {
    return !Character.isWhitespace(character) && SEPARATORS.indexOf(character) < 0;
  }

  /** A doubled quote stands for the quote itself, as in SQL. */
  private static int addQuoted(List<FilterToken> tokens, String expression, int start, char quote) {
    var text = new StringBuilder();
    for (int i = start + 1; i < expression.length(); i++) {
      char character = expression.charAt(i);
      if (character == quote
          && (i + 1 == expression.length() || expression.charAt(i + 1) != quote)) {
        Kind kind = quote == '\'' ? Kind.TEXT : Kind.COLUMN;
        tokens.add(new FilterToken(kind, text.toString(), start + 1));
        return i + 1;
      }
      i += character == quote ? 1 : 0;
      text.append(character);
    }
    throw new InvalidFilterException(
        start + 1,
        "the quote " + quote + " is never closed; write a quote inside as " + quote + quote);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isKeyword(String keyword) {
    return kind == Kind.BARE && text.equalsIgnoreCase(keyword);
  }

  /** How an error message names it. */
  String described() {
    if (kind == Kind.END) {
      return "the end";
    }
    return "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
  }
}
