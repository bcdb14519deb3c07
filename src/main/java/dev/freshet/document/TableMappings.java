package dev.freshet.document;

import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tables are mapped: those that are configured, or, with none configured, every table that
 * has an {@code id} and a {@code title} or a {@code description}. Several tables, the partitions of
 * one, may have one mapping; their documents are of the table that names the mapping.
 */
public final class TableMappings {

  private static final String ID = "id";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";

  /** What the default mapping does with a row that has all its columns; the table is any. */
  public static final TableMapping UNCONFIGURED =
      mapping(new TableId("any", "any"), "Title: {title}\n\n{description}");

  private final Map<TableId, TableMapping> configured;
  private final Map<TablePattern, TableMapping> patterns;

  /**
   * Takes the configured mappings.
   *
   * @param configured empty for the default mapping
   */
  public TableMappings(Map<TableId, TableMapping> configured) {
    this(configured, Map.of());
  }

  /**
   * Takes the configured mappings.
   *
   * @param configured by the table that they name
   * @param patterns those that further tables have; a table's own mapping goes before
   * @throws IllegalArgumentException when two mappings might claim one table by their patterns
   */
  public TableMappings(
      Map<TableId, TableMapping> configured, Map<TablePattern, TableMapping> patterns) {
    this.configured = Map.copyOf(configured);
    this.patterns = Map.copyOf(patterns);
    patterns.forEach((pattern, mapping) -> requireUnambiguous(pattern, mapping.table()));
  }

  private void requireUnambiguous(TablePattern pattern, TableId table) {
    patterns.entrySet().stream()
        .filter(other -> other.getKey().overlaps(pattern))
        .filter(other -> !other.getValue().table().equals(table))
        .min(Comparator.comparing(other -> other.getKey().toString()))
        .ifPresent(
            other -> {
              throw new IllegalArgumentException(
                  "the patterns '%s' and '%s' may match the same table; write them so that each"
                          .formatted(pattern, other.getKey())
                      + " table has one mapping");
            });
  }

  /** Whether any mapping is configured; else the default mapping decides row by row. */
  public boolean areConfigured() {
    return !(configured.isEmpty() && patterns.isEmpty());
  }

  /** The mappings that are configured, each once. */
  public Collection<TableMapping> all() {
    var all = new LinkedHashSet<>(configured.values());
    all.addAll(patterns.values());
    return all;
  }

  /** The tables of documents that are configured. */
  public Set<TableId> tables() {
    var tables = new TreeSet<>(configured.keySet());
    patterns.values().forEach(mapping -> tables.add(mapping.table()));
    return tables;
  }

  /** The table of whose name a table's documents are. */
  public TableId documentTable(TableId table) {
    return configured(table).map(TableMapping::table).orElse(table);
  }

  /** The configured mapping of a table, its own or that of a pattern. */
  public Optional<TableMapping> configured(TableId table) {
    TableMapping own = configured.get(table);
    return own != null
        ? Optional.of(own)
        : patterns.entrySet().stream()
            .filter(entry -> entry.getKey().matches(table))
            .map(Map.Entry::getValue)
            .findFirst();
  }

  /**
   * The configured table of which an unmapped one seems to be a partition: its name begins with
   * that table's, or its messages come under that table's routing key.
   */
  public Optional<TableId> partitioned(TableId table, String routingKey) {
    return tables().stream()
        .filter(
            mapped ->
                routingKey.equals(mapped.toString())
                    || routingKey.endsWith("." + mapped)
                    || (table.schema().equals(mapped.schema())
                        && table.name().startsWith(mapped.name() + "_")))
        .filter(mapped -> !mapped.equals(table))
        .max(Comparator.comparingInt(mapped -> mapped.name().length()));
  }

  /** Whether rows of this table can be documents at all. */
  boolean mayMap(TableId table) {
    return !areConfigured() || configured(table).isPresent();
  }

  Optional<TableMapping> of(TableId table, Row row) {
    return areConfigured() ? configured(table) : byDefault(table, row);
  }

  /** A delete may carry the key alone; then nothing speaks against the default mapping. */
  Optional<TableMapping> ofDeleted(TableId table, Row before) {
    boolean keyAlone = before.values().keySet().equals(Set.of(ID));
    return !areConfigured() && keyAlone
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
