package dev.freshet.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.changeevent.TableId;
import dev.freshet.ledger.NoteLedger;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which tables' rows were read, or are being read, and as what the publication has them. A table
 * that is not followed any longer stays in it: should it come back, its changes in between are
 * missing.
 */
final class TablesNote {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Of a table that was noted before there were marks. */
  private static final String UNKNOWN = "";

  private static final String NOT_FOLLOWED = "-";

  private final NoteLedger notes;
  private final String name;

  TablesNote(NoteLedger notes, String slot) {
    this.notes = notes;
    this.name = "capture.tables." + slot;
  }

  /** The tables that were never noted, where others were. */
  Set<TableId> unknown(Set<TableId> tables) {
    Set<TableId> known = read().keySet();
    var unknown = new TreeSet<>(tables);
    unknown.removeAll(known);
    return known.isEmpty() ? Set.of() : unknown;
  }

  /**
   * Why changes of a table may be missing, though the slot has its place.
   *
   * @param published the followed tables, with the marks of {@link Publication#published}
   */
  Optional<String> interruption(Map<TableId, String> published) {
    Map<TableId, String> known = read();
    for (Map.Entry<TableId, String> table : published.entrySet()) {
      String before = known.getOrDefault(table.getKey(), UNKNOWN);
      if (!before.equals(UNKNOWN) && !before.equals(table.getValue())) {
        return Optional.of(
            before.equals(NOT_FOLLOWED)
                ? "the table %s was not mapped for a while".formatted(table.getKey())
                : relation(before).equals(relation(table.getValue()))
                    ? "the publication lacked the table %s for a while".formatted(table.getKey())
                    : "the table %s was dropped and created again".formatted(table.getKey()));
      }
    }
    return Optional.empty();
  }

  private static String relation(String mark) {
    return mark.substring(0, Math.max(0, mark.indexOf('/')));
  }

  private Map<TableId, String> read() {
    String text = notes.read(name).orElse("");
    var tables = new TreeMap<TableId, String>();
    if (text.startsWith("{")) {
      parse(text).forEach((table, mark) -> tables.put(TableId.parse(table), mark));
    } else {
      text.lines().forEach(table -> tables.put(TableId.parse(table), UNKNOWN));
    }
    return tables;
  }

  private static Map<String, String> parse(String text) {
    try {
      return MAPPER.readValue(text, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the index's note of the captured tables cannot be read", e);
    }
  }

  /** From now on these are followed, and no others. */
  void write(Map<TableId, String> published) {
    var tables = new TreeMap<String, String>();
    read().keySet().forEach(table -> tables.put(table.toString(), NOT_FOLLOWED));
    published.forEach((table, mark) -> tables.put(table.toString(), mark));
    try {
      String text = MAPPER.writeValueAsString(tables);
      if (!notes.read(name).map(text::equals).orElse(false)) {
        notes.write(name, text);
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
