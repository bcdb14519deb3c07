package dev.freshet.store.lucene;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StringField;

/**
 * How metadata is indexed. One field holds the terms of all keys: the key alone says that it is
 * there, the key and a text that it has this text, the key and a number that it has this number. A
 * point per key compares numbers by size.
 */
final class MetadataTerms {

  static final String FIELD = "metadata";

  // PostgreSQL's names and texts hold no such characters.
  private static final char TEXT = '\u0000';
  private static final char NUMBER = '\u0001';

  private MetadataTerms() {}

  static void addTo(Document segment, ObjectNode metadata) {
    metadata.properties().forEach(entry -> add(segment, entry.getKey(), entry.getValue()));
  }

  private static void add(Document segment, String key, JsonNode value) {
    if (value.isNull()) {
      return;
    }
    String text = value.isValueNode() ? value.asText() : value.toString();
    segment.add(new StringField(FIELD, key, Store.NO));
    segment.add(new StringField(FIELD, text(key, text), Store.NO));
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      segment.add(new StringField(FIELD, number(key, number), Store.NO));
      segment.add(new DoublePoint(pointField(key), number.doubleValue()));
    }
  }

  static String text(String key, String value) {
    return Terms.bounded(key + TEXT + value);
  }

  /** The smallest term that is greater than the key's every text. */
  static String afterTexts(String key) {
    return key + NUMBER;
  }

  static String number(String key, BigDecimal value) {
    return key + NUMBER + value.stripTrailingZeros();
  }

  static String pointField(String key) {
    return "number:" + key;
  }
}
