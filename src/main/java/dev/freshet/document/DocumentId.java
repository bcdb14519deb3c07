package dev.freshet.document;

import dev.freshet.changeevent.TableId;
import java.util.ArrayList;
import java.util.List;

/**
 * Names a document: a table and the values of its key columns.
 *
 * @param key the key columns' values as text, in key order; not empty
 */
public record DocumentId(TableId table, List<String> key) implements Comparable<DocumentId> {

  public DocumentId {
    key = List.copyOf(key);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a document needs at least one key column");
    }
  }

  /**
   * @param joinedKey the form of {@link #joinedKey}
   */
  public static DocumentId of(TableId table, String joinedKey) {
    return new DocumentId(table, split(joinedKey));
  }

  /**
   * The values joined with {@code ,}; a literal {@code ,} or {@code \} is escaped with {@code \}.
   */
  public String joinedKey() {
    return key.stream()
        .map(value -> value.replace("\\", "\\\\").replace(",", "\\,"))
        .reduce((left, right) -> left + "," + right)
        .orElseThrow();
  }

  private static List<String> split(String joined) {
    var values = new ArrayList<String>();
    var value = new StringBuilder();
    for (int i = 0; i < joined.length(); i++) {
      char character = joined.charAt(i);
      if (character == '\\' && i + 1 < joined.length()) {
        value.append(joined.charAt(++i));
      } else if (character == ',') {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(character);
      }
    }
    values.add(value.toString());
    return values;
  }

  @Override
  public int compareTo(DocumentId other) {
    return toString().compareTo(other.toString());
  }

  /** {@code schema.table/key}, the id that every sink but the LlamaIndex service uses. */
  @Override
  public String toString() {
    return tableName() + "/" + joinedKey();
  }

  /** A {@code /} in it is escaped: it would name the documents of another table. */
  private String tableName() {
    String name = table.toString();
    return name.indexOf('/') < 0 && name.indexOf('\\') < 0
        ? name
        : name.replace("\\", "\\\\").replace("/", "\\/");
  }
}
