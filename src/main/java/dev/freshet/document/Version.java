package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one event made of a document. */
public sealed interface Version {

  /** The event's. */
  Position position();

  /** The values that are known of the row; of a moved one those that it took along. */
  Map<String, ColumnVersion> columns();

  /** This version, given the one before it: values that the event left out are that one's. */
  Version after(Version before);

  /**
   * The row has these values.
   *
   * @param columns the known ones, in column order
   * @param leftOut the columns that the event left out because they did not change; those of them
   *     that {@code columns} lacks are not known yet
   * @param movedFrom under which id the row was known before a key change, and the left out values
   *     with it; null otherwise
   */
  record Present(
      Position position,
      Map<String, ColumnVersion> columns,
      Set<String> leftOut,
      @Nullable DocumentId movedFrom)
      implements Version {

    public Present {
      columns = ordered(columns);
      leftOut = Collections.unmodifiableSet(new TreeSet<>(leftOut));
    }

    static Present of(DocumentChange.Upsert change) {
      Position position = change.origin().position();
      var columns = new LinkedHashMap<String, ColumnVersion>();
      change
          .row()
          .values()
          .forEach((name, value) -> columns.put(name, new ColumnVersion(value, position)));
      return new Present(position, columns, change.row().unavailable(), change.movedFrom());
    }

    /** The left out columns whose values nobody knows yet. */
    public Set<String> missing() {
      var missing = new TreeSet<>(leftOut);
      missing.removeAll(columns.keySet());
      return missing;
    }

    /** A row that moved here takes nothing from the row that was here before. */
    @Override
    public Present after(Version before) {
      if (movedFrom != null || leftOut.isEmpty()) {
        return this;
      }
      var known = new LinkedHashMap<>(columns);
      known.keySet().removeAll(leftOut);
      if (before instanceof Present row) {
        for (String name : leftOut) {
          ColumnVersion older = row.columns.get(name);
          if (older != null) {
            known.put(name, older);
          }
        }
      }
      return new Present(position, known, leftOut, null);
    }

    /**
     * This row with the values that it took along under its former key. They count as new as the
     * key change: here may have been another row before.
     */
    Present taking(Map<String, ColumnVersion> along) {
      var known = new LinkedHashMap<>(columns);
      for (String name : leftOut) {
        ColumnVersion value = along.get(name);
        if (value != null) {
          known.put(name, new ColumnVersion(value.value(), position));
        }
      }
      return new Present(position, known, leftOut, movedFrom);
    }

    /** This row, without the left out values that are older than the position. */
    Present without(Position newest) {
      var known = new LinkedHashMap<>(columns);
      known
          .entrySet()
          .removeIf(
              column ->
                  leftOut.contains(column.getKey())
                      && !column.getValue().position().supersedes(newest));
      return new Present(position, known, leftOut, movedFrom);
    }

    /** This row, with a left out value that an older version supplies, if it is the newest such. */
    Present supplied(Present older) {
      if (movedFrom != null) {
        return this;
      }
      var known = new LinkedHashMap<>(columns);
      for (String name : leftOut) {
        ColumnVersion value = older.columns.get(name);
        ColumnVersion current = known.get(name);
        if (value != null && (current == null || value.position().supersedes(current.position()))) {
          known.put(name, value);
        }
      }
      return new Present(position, known, leftOut, null);
    }
  }

  /** The row is gone. */
  record Deleted(Position position) implements Version {

    @Override
    public Map<String, ColumnVersion> columns() {
      return Map.of();
    }

    @Override
    public Deleted after(Version before) {
      return this;
    }
  }

  /**
   * The row lives on under another key.
   *
   * @param columns its last values, which the event under the new key may have left out
   * @param heir the new id; null while only the delete under the old key has arrived
   */
  record Moved(Position position, Map<String, ColumnVersion> columns, @Nullable DocumentId heir)
      implements Version {

    public Moved {
      columns = ordered(columns);
    }

    /** Where the delete under the old key has a position of its own, it comes right before. */
    @Override
    public Moved after(Version before) {
      boolean same =
          before instanceof Present || (before instanceof Moved other && other.heir == null);
      return new Moved(position, same ? before.columns() : Map.of(), heir);
    }
  }

  /** Whether events leave out values of this kind: PostgreSQL stores no others out of line. */
  static boolean mayBeLeftOut(JsonNode value) {
    return value.isTextual() || value.isContainerNode() || value.isBinary();
  }

  private static Map<String, ColumnVersion> ordered(Map<String, ColumnVersion> columns) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }
}
