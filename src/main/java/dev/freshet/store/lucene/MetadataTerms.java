package dev.freshet.store.lucene;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StringField;

/**
 * How metadata is indexed. One field holds the terms of all keys, made of the key, the value's type
 * and the value; a point per key compares numbers by size.
 */
final class MetadataTerms {

  static final String FIELD = "metadata";

  // PostgreSQL's names and texts hold no such characters.
  private static final char TEXT = '\u0000';
  private static final char NUMBER = '\u0001';
  private static final char BOOLEAN = '\u0002';

  private MetadataTerms() {}

  static void addTo(Document segment, ObjectNode metadata) {
    metadata.properties().forEach(entry -> add(segment, entry.getKey(), entry.getValue()));
  }

  private static void add(Document segment, String key, JsonNode value) {
    if (value.isNull()) {
      return;
    }
    segment.add(new StringField(FIELD, term(key, scalar(value)), Store.NO));
    if (value.isNumber()) {
      segment.add(new DoublePoint(pointField(key), value.doubleValue()));
    }
  }

  private static Object scalar(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  /** The term of a value; equal for equal values of one type, and for texts in their order. */
  static String term(String key, Object value) {
    if (value instanceof Number number) {
      return Terms.bounded(first(key, value) + decimal(number).stripTrailingZeros());
    }
    return Terms.bounded(key + type(value) + value);
  }

  /** Where the terms of the key's values begin that have this value's type. */
  static String first(String key, Object value) {
    return key + type(value);
  }

  /** Greater than every one of those. */
  static String afterLast(String key, Object value) {
    return key + (char) (type(value) + 1);
  }

  private static char type(Object value) {
    if (value instanceof Number) {
      return NUMBER;
    }
    return value instanceof Boolean ? BOOLEAN : TEXT;
  }

  static BigDecimal decimal(Number number) {
    return new BigDecimal(number.toString());
  }

  static String pointField(String key) {
    return "number:" + key;
  }
}
