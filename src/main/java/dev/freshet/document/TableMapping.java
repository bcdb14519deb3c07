package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.Texts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a table's rows become documents.
 *
 * @param key the key columns, in order
 * @param content the text
 * @param metadataColumns the columns that become metadata; null for all
 * @param excluded columns that are never indexed, logged or sent
 * @param formats how columns of the text are read; those that are not named are plain
 */
public record TableMapping(
    TableId table,
    List<String> key,
    ContentTemplate content,
    @Nullable Set<String> metadataColumns,
    Set<String> excluded,
    Map<String, TextFormat> formats) {

  public TableMapping {
    key = List.copyOf(key);
    metadataColumns = metadataColumns == null ? null : Set.copyOf(metadataColumns);
    excluded = Set.copyOf(excluded);
    formats = Map.copyOf(formats);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the key of " + table + " has no column");
    }
    refuseExcluded(table, key, excluded, "key");
    refuseExcluded(table, content.columns(), excluded, "content template");
    for (String column : formats.keySet()) {
      if (!content.columns().contains(column)) {
        throw new IllegalArgumentException(
            "the format of '"
                + column
                + "' has no effect, because the content template does not name that column; use one"
                + " of "
                + new TreeSet<>(content.columns()));
      }
    }
  }

  /** A mapping of which every column is plain. */
  public TableMapping(
      TableId table,
      List<String> key,
      ContentTemplate content,
      @Nullable Set<String> metadataColumns,
      Set<String> excluded) {
    this(table, key, content, metadataColumns, excluded, Map.of());
  }

  private static void refuseExcluded(
      TableId table, Iterable<String> columns, Set<String> excluded, String user) {
    for (String column : columns) {
      if (excluded.contains(column)) {
        throw new IllegalArgumentException(
            "the " + user + " of " + table + " uses the excluded column '" + column + "'");
      }
    }
  }

  /** Whether the metadata has every column but the excluded ones, whatever their names. */
  boolean takesAll() {
    return metadataColumns == null;
  }

  /** The columns that it names as text or as metadata. */
  Set<String> named() {
    var named = new TreeSet<>(content.columns());
    Optional.ofNullable(metadataColumns)
        .ifPresent(some -> some.stream().filter(this::isMetadata).forEach(named::add));
    return named;
  }

  /**
   * The columns that this mapping names and the ledger lacks of a document.
   *
   * @param columns those that the ledger has
   * @param former what has made the document: where it kept the same columns, the row had no others
   */
  public Set<String> lacking(Set<String> columns, Rendering former) {
    var lacking = new TreeSet<>(former.keepsTheSameAs(this) ? content.columns() : named());
    lacking.removeAll(columns);
    return lacking;
  }

  /** Whether the document is made of this column, be it as text or as metadata. */
  public boolean uses(String column) {
    return content.columns().contains(column) || isMetadata(column);
  }

  private boolean isMetadata(String column) {
    return !excluded.contains(column)
        && Optional.ofNullable(metadataColumns).map(some -> some.contains(column)).orElse(true);
  }

  /** A text that two mappings have in common where they make the same documents of their rows. */
  public String recipe() {
    String recipe =
        "key %s, content %s, metadata %s, exclude %s"
            .formatted(
                key,
                content,
                metadataColumns == null ? "all" : new TreeSet<>(metadataColumns),
                new TreeSet<>(excluded));
    // Recipes that are stored from before there were formats have none.
    return formats.isEmpty() ? recipe : recipe + ", formats " + new TreeMap<>(formats);
  }

  /**
   * Makes the document.
   *
   * @param values by column, in column order; has every column that the template names
   */
  public RenderedDocument render(Map<String, JsonNode> values) {
    return new RenderedDocument(Texts.whole(content.render(values, formats)), metadata(values));
  }

  /**
   * The document's metadata alone.
   *
   * @param values by column, in column order
   */
  public ObjectNode metadata(Map<String, JsonNode> values) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    values.forEach(
        (column, value) -> {
          if (isMetadata(column)) {
            metadata.set(Texts.whole(column), MetadataValue.of(value));
          }
        });
    return metadata;
  }
}
