package dev.freshet.wiring;

import dev.freshet.changeevent.ColumnType;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TablePattern;
import dev.freshet.document.TextFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code freshet.tables} says.
 *
 * @param mappings those of single tables; empty when none is configured
 * @param patterns those that the partitions of a table have
 * @param columnTypes by table, then by column
 */
record ConfiguredTables(
    Map<TableId, TableMapping> mappings,
    Map<TablePattern, TableMapping> patterns,
    Map<TableId, Map<String, ColumnType>> columnTypes) {

  private static final String PREFIX = "freshet.tables.";
  private static final String KEY = "key";
  private static final String CONTENT = "content";
  private static final String METADATA = "metadata";
  private static final String EXCLUDE = "exclude";
  private static final String COLUMN_TYPES = "column-types.";
  private static final String PARTITIONS = "partitions";
  private static final String FORMATS = "formats.";
  private static final Set<String> SETTINGS =
      new TreeSet<>(Set.of(KEY, CONTENT, METADATA, EXCLUDE, PARTITIONS, "column-types", "formats"));

  /**
   * Reads the settings.
   *
   * @param properties by {@code schema.table.setting}
   * @throws IllegalArgumentException with the key that is wrong and how to mend it
   */
  static ConfiguredTables parse(Map<String, Object> properties) {
    var settings = new LinkedHashMap<TableId, Map<String, Object>>();
    properties.forEach(
        (property, value) -> {
          String[] parts = property.split("\\.", 3);
          if (parts.length < 3) {
            throw new IllegalArgumentException(
                PREFIX + property + " names no table; write schema.table, as in public.products");
          }
          settings
              .computeIfAbsent(new TableId(parts[0], parts[1]), table -> new TreeMap<>())
              .put(parts[2], value);
        });
    var mappings = new LinkedHashMap<TableId, TableMapping>();
    var patterns = new LinkedHashMap<TablePattern, TableMapping>();
    var types = new HashMap<TableId, Map<String, ColumnType>>();
    settings.forEach(
        (table, ofTable) -> {
          var reader = new Settings(table, ofTable);
          TableMapping mapping = reader.mapping();
          if (!TablePattern.isPattern(table.toString())) {
            mappings.put(table, mapping);
          }
          for (TablePattern pattern : reader.patterns()) {
            if (patterns.put(pattern, mapping) != null) {
              throw new IllegalArgumentException(
                  PREFIX + " has the pattern '" + pattern + "' twice; a table has one mapping");
            }
          }
          types.put(table, reader.columnTypes());
        });
    return new ConfiguredTables(mappings, patterns, types);
  }

  /** One table's settings. */
  private static final class Settings {

    private final TableId table;
    private final String prefix;
    private final Map<String, Object> settings;

    Settings(TableId table, Map<String, Object> settings) {
      this.table = table;
      this.prefix = PREFIX + table;
      this.settings = settings;
      requireColumns(COLUMN_TYPES, "price: decimal(2)");
      requireColumns(FORMATS, "description: html");
      for (String setting : settings.keySet()) {
        boolean ofColumn = setting.startsWith(COLUMN_TYPES) || setting.startsWith(FORMATS);
        if (!SETTINGS.contains(setting) && !ofColumn) {
          throw new IllegalArgumentException(
              prefix + "." + setting + " is not a setting of a table; known are " + SETTINGS);
        }
      }
    }

    TableMapping mapping() {
      Object content = settings.get(CONTENT);
      try {
        return new TableMapping(
            table,
            settings.containsKey(KEY) ? columns(KEY) : List.of("id"),
            new ContentTemplate(
                content == null ? "Title: {title}\n\n{description}" : content.toString()),
            settings.containsKey(METADATA) ? Set.copyOf(columns(METADATA)) : null,
            Set.copyOf(columns(EXCLUDE)),
            formats());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(prefix + ": " + e.getMessage(), e);
      }
    }

    /** The table itself where its name is a pattern, and its partitions. */
    List<TablePattern> patterns() {
      var patterns = new ArrayList<TablePattern>();
      try {
        if (TablePattern.isPattern(table.toString())) {
          patterns.add(new TablePattern(table.schema(), table.name()));
        }
        for (String name : columns(PARTITIONS)) {
          patterns.add(TablePattern.parse(name, table.schema()));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(prefix + ": " + e.getMessage(), e);
      }
      return patterns;
    }

    /** What stands in the place of columns would silently not count. */
    private void requireColumns(String group, String example) {
      String name = group.substring(0, group.length() - 1);
      Object value = settings.get(name);
      if (value != null && !(value instanceof Map) && !value.toString().isBlank()) {
        throw new IllegalArgumentException(
            "%s.%s is '%s'; name columns below it, as in {%s}"
                .formatted(prefix, name, value, example));
      }
    }

    private Map<String, TextFormat> formats() {
      var formats = new HashMap<String, TextFormat>();
      settings.forEach(
          (setting, format) -> {
            if (setting.startsWith(FORMATS)) {
              formats.put(
                  setting.substring(FORMATS.length()), TextFormat.named(String.valueOf(format)));
            }
          });
      return formats;
    }

    Map<String, ColumnType> columnTypes() {
      var types = new HashMap<String, ColumnType>();
      settings.forEach(
          (setting, type) -> {
            if (setting.startsWith(COLUMN_TYPES)) {
              types.put(setting.substring(COLUMN_TYPES.length()), type(setting, type));
            }
          });
      return types;
    }

    private ColumnType type(String setting, Object type) {
      try {
        return ColumnType.named(String.valueOf(type));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(prefix + "." + setting + ": " + e.getMessage(), e);
      }
    }

    private List<String> columns(String setting) {
      Object value = settings.get(setting);
      var columns = new ArrayList<String>();
      if (value instanceof Iterable<?> list) {
        list.forEach(column -> columns.add(String.valueOf(column)));
      } else if (value != null) {
        columns.addAll(List.of(String.valueOf(value).trim().split("\\s*,\\s*")));
      }
      return columns;
    }
  }
}
