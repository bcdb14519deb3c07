package dev.freshet.document;

import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tables are mapped: those that are configured, or, with none configured, every table that
 * has an {@code id} and a {@code title} or a {@code description}.
 */
public final class TableMappings {

  private static final String ID = "id";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";

  private final Map<TableId, TableMapping> configured;

  /**
   * Takes the configured mappings.
   *
   * @param configured empty for the default mapping
   */
  public TableMappings(Map<TableId, TableMapping> configured) {
    this.configured = Map.copyOf(configured);
  }

  /** The configured tables; empty where the default mapping decides row by row. */
  public Set<TableId> tables() {
    return configured.keySet();
  }

  /** Whether rows of this table can be documents at all. */
  boolean mayMap(TableId table) {
    return configured.isEmpty() || configured.containsKey(table);
  }

  Optional<TableMapping> of(TableId table, Row row) {
    return configured.isEmpty()
        ? byDefault(table, row)
        : Optional.ofNullable(configured.get(table));
  }

  /** A delete may carry the key alone; then nothing speaks against the default mapping. */
  Optional<TableMapping> ofDeleted(TableId table, Row before) {
    boolean keyAlone = before.values().keySet().equals(Set.of(ID));
    return configured.isEmpty() && keyAlone
        ? Optional.of(mapping(table, "{" + ID + "}"))
        : of(table, before);
  }

  /** What the consumer that Freshet replaces did: {@code Title: {title}\n\n{description}}. */
  private static Optional<TableMapping> byDefault(TableId table, Row row) {
    boolean title = row.has(TITLE);
    boolean description = row.has(DESCRIPTION);
    if (!row.has(ID) || !(title || description)) {
      return Optional.empty();
    }
    String template =
        title && description
            ? "Title: {title}\n\n{description}"
            : title ? "Title: {title}" : "{description}";
    return Optional.of(mapping(table, template));
  }

  private static TableMapping mapping(TableId table, String template) {
    return new TableMapping(table, List.of(ID), new ContentTemplate(template), null, Set.of());
  }
}
