package dev.freshet.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Texts;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.MetadataValue;
import dev.freshet.index.Condition.Comparison;
import dev.freshet.index.Condition.Operator;
import dev.freshet.index.TermFilter.AnyOf;
import dev.freshet.index.TermFilter.Between;
import dev.freshet.ledger.StateJson;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What filters see of a document: texts, each made of a column, a type and a value, that are equal
 * for equal values of one type and sort as these do. Stores keep them beside the metadata and
 * compare nothing else, so that they all decide alike.
 *
 * <p>What is kept is bounded, whatever the row: of a longer text its beginning and its hash, which
 * is equal for equal texts only; of an array its first elements.
 */
public final class FilterTerms {

  /** The most elements of an array that {@code contains} finds. */
  public static final int MOST_ELEMENTS = 1_000;

  /** By so many characters texts are put into order. */
  public static final int MOST_CHARACTERS = 256;

  /** PostgreSQL's tables have at most 1,600 columns, each with three terms at most. */
  private static final int MOST_TERMS = 5_000;

  /** A longer text is not read as the JSON array that it may be. */
  private static final int LONGEST_ARRAY = 65_536;

  /** Ends the column's name, in which it is escaped. */
  private static final char END = '\u0001';

  private static final char ESCAPE = '\u0002';

  private static final char BOOLEAN = 'b';
  private static final char TIME_OF_DAY = 'd';
  private static final char INSTANT = 'i';
  private static final char NUMBER = 'n';

  /** Every column that is not NULL has this one. */
  private static final char PRESENT = 'p';

  private static final char TEXT = 't';

  /** The text of a time, for comparisons with texts that are none. */
  private static final char TEXT_OF_TIME = 'x';

  private FilterTerms() {}

  /** The terms of a document with this metadata. */
  public static Set<String> of(ObjectNode metadata) {
    var terms = new LinkedHashSet<String>();
    metadata
        .properties()
        .forEach(column -> add(terms, column.getKey(), MetadataValue.of(column.getValue())));
    return terms;
  }

  private static void add(Set<String> terms, String name, JsonNode value) {
    if (value.isNull() || terms.size() >= MOST_TERMS) {
      return;
    }
    String column = column(name);
    terms.add(column + PRESENT);
    if (value.isValueNode()) {
      terms.addAll(scalars(column, value));
    } else {
      terms.add(term(column, TEXT, value.toString()));
    }
    int elements = 0;
    for (JsonNode element : elements(value)) {
      if (elements++ == MOST_ELEMENTS || terms.size() >= MOST_TERMS) {
        return;
      }
      if (!element.isNull()) {
        terms.add(element(column, MetadataValue.of(element)));
      }
    }
  }

  /** PostgreSQL's json and jsonb arrive as texts. */
  private static Iterable<JsonNode> elements(JsonNode value) {
    if (value instanceof ArrayNode array) {
      return array;
    }
    if (value.isTextual() && value.textValue().length() <= LONGEST_ARRAY) {
      String text = value.textValue().strip();
      if (text.startsWith("[") && text.endsWith("]")) {
        try {
          return StateJson.value(text) instanceof ArrayNode array ? array : List.of();
        } catch (JsonProcessingException | ArithmeticException | NumberFormatException e) {
          return List.of();
        }
      }
    }
    return List.of();
  }

  private static List<String> scalars(String column, JsonNode value) {
    if (value.isNumber()) {
      return List.of(column + NUMBER + SortableNumber.of(value.decimalValue()));
    }
    if (value.isBoolean()) {
      return List.of(column + BOOLEAN + value.booleanValue());
    }
    String text = value.asText();
    Optional<Moment> moment = Moment.of(text);
    return moment.isPresent()
        ? List.of(term(column, moment.get()), term(column, TEXT_OF_TIME, text))
        : List.of(term(column, TEXT, text));
  }

  /** An element's types are those of scalars, in capitals. */
  private static String element(String column, JsonNode element) {
    String term =
        element.isValueNode()
            ? scalars(column, element).get(0)
            : term(column, TEXT, element.toString());
    return ofElement(column, term);
  }

  private static String ofElement(String column, String term) {
    int type = column.length();
    return column + Character.toUpperCase(term.charAt(type)) + term.substring(type + 1);
  }

  private static String term(String column, char type, String text) {
    return column + type + bounded(text);
  }

  private static String term(String column, Moment moment) {
    return column + (moment.ofDay() ? TIME_OF_DAY : INSTANT) + SortableNumber.of(moment.seconds());
  }

  private static String column(String name) {
    String escaped =
        name.replace(String.valueOf(ESCAPE), ESCAPE + "2")
            .replace(String.valueOf(END), ESCAPE + "1");
    return bounded(escaped) + END;
  }

  private static String bounded(String text) {
    String whole = Texts.whole(text);
    if (whole.length() <= MOST_CHARACTERS) {
      return whole;
    }
    int cut =
        Character.isHighSurrogate(whole.charAt(MOST_CHARACTERS - 1))
            ? MOST_CHARACTERS - 1
            : MOST_CHARACTERS;
    return whole.substring(0, cut) + ESCAPE + Fingerprint.of(whole);
  }

  /** The condition, on terms. */
  public static TermFilter of(Condition condition) {
    if (condition instanceof Comparison comparison) {
      return comparison(comparison);
    }
    if (condition instanceof Condition.In in) {
      String column = column(in.column());
      return new AnyOf(
          in.values().stream().flatMap(value -> equal(column, value).stream()).toList());
    }
    if (condition instanceof Condition.Contains contains) {
      String column = column(contains.column());
      return new AnyOf(
          equal(column, contains.element()).stream().map(term -> ofElement(column, term)).toList());
    }
    if (condition instanceof Condition.IsNull isNull) {
      return new TermFilter.Not(present(isNull.column()));
    }
    if (condition instanceof Condition.IsNotNull isNotNull) {
      return present(isNotNull.column());
    }
    return new TermFilter.And(condition.parts().map(FilterTerms::of).toList());
  }

  private static TermFilter present(String column) {
    return new AnyOf(List.of(column(column) + PRESENT));
  }

  private static TermFilter comparison(Comparison comparison) {
    String column = column(comparison.column());
    return switch (comparison.operator()) {
      case EQUAL -> new AnyOf(equal(column, comparison.value()));
      case NOT_EQUAL -> new TermFilter.Not(new AnyOf(equal(column, comparison.value())));
      default -> ordered(column, comparison.operator(), comparison.value());
    };
  }

  private static List<String> equal(String column, FilterValue value) {
    if (value instanceof FilterValue.Decimal number) {
      return List.of(column + NUMBER + SortableNumber.of(number.number()));
    }
    String text = value.toString();
    var terms = new ArrayList<String>();
    terms.add(
        Moment.of(text)
            .map(moment -> term(column, moment))
            .orElseGet(() -> term(column, TEXT, text)));
    if (text.equals("true") || text.equals("false")) {
      terms.add(column + BOOLEAN + text);
    }
    return terms;
  }

  private static TermFilter ordered(String column, Operator operator, FilterValue value) {
    if (value instanceof FilterValue.Decimal number) {
      return ordered(column, NUMBER, operator, SortableNumber.of(number.number()));
    }
    String text = bounded(value.toString());
    TermFilter ofTexts = ordered(column, TEXT, operator, text);
    TermFilter ofTimes =
        Moment.of(value.toString())
            .map(
                moment -> {
                  char type = moment.ofDay() ? TIME_OF_DAY : INSTANT;
                  return ordered(column, type, operator, SortableNumber.of(moment.seconds()));
                })
            .orElseGet(() -> ordered(column, TEXT_OF_TIME, operator, text));
    return new TermFilter.Or(List.of(ofTexts, ofTimes));
  }

  private static TermFilter ordered(String column, char type, Operator operator, String value) {
    String term = column + type + value;
    String first = column + type;
    String afterLast = column + (char) (type + 1);
    return switch (operator) {
      case GREATER -> new Between(term, false, afterLast, false);
      case AT_LEAST -> new Between(term, true, afterLast, false);
      case LESS -> new Between(first, true, term, false);
      case AT_MOST -> new Between(first, true, term, true);
      case EQUAL, NOT_EQUAL -> throw new IllegalArgumentException("equality has no order");
    };
  }
}
