package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A row as an event carries it.
 *
 * @param values the known values by column, in column order; SQL's NULL is a JSON null; integers
 *     and decimals are exact, times are ISO 8601 texts where the event's schema says what they are
 * @param unavailable the columns whose values the event leaves out because they are large and did
 *     not change (TOAST); disjoint with {@code values}
 */
public record Row(Map<String, JsonNode> values, Set<String> unavailable) {

  public Row {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    unavailable = Collections.unmodifiableSet(new LinkedHashSet<>(unavailable));
  }

  public static Row of(Map<String, JsonNode> values) {
    return new Row(values, Set.of());
  }

  /** Whether the row has the column, be its value known or not. */
  public boolean has(String column) {
    return values.containsKey(column) || unavailable.contains(column);
  }

  /** The row with only these columns. */
  public Row retain(Predicate<String> columns) {
    var kept = new LinkedHashMap<>(values);
    kept.keySet().removeIf(columns.negate());
    var keptUnavailable = new LinkedHashSet<>(unavailable);
    keptUnavailable.removeIf(columns.negate());
    return new Row(kept, keptUnavailable);
  }
}
