package dev.freshet.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.changeevent.Lsn;
import dev.freshet.ledger.NoteLedger;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far the slot was read and settled, as a note of the index itself: an index and its place in
 * the log are backed up and restored as one.
 */
final class OffsetNote {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final NoteLedger notes;
  private final String name;
  private volatile Map<String, String> known = Map.of();

  OffsetNote(NoteLedger notes, String slot) {
    this.notes = notes;
    this.name = "capture.offset." + slot;
  }

  /** Debezium's offsets, JSON by JSON; empty where the slot was never read for this index. */
  Map<String, String> read() {
    known =
        notes.read(name).filter(text -> !text.isEmpty()).map(OffsetNote::parse).orElse(Map.of());
    return known;
  }

  private static Map<String, String> parse(String text) {
    try {
      return MAPPER.readValue(text, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the index's note of Debezium's offset cannot be read", e);
    }
  }

  void write(Map<String, String> offsets) {
    try {
      notes.write(name, MAPPER.writeValueAsString(offsets));
      known = Map.copyOf(offsets);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The slot counts as never read. */
  void clear() {
    notes.write(name, "");
    known = Map.of();
  }

  /** When the newest change that was noted was committed; does not ask the index. */
  Optional<Instant> settledUntil() {
    return parsed(known).stream()
        .map(offset -> offset.path("ts_usec"))
        .filter(JsonNode::isIntegralNumber)
        .map(micros -> Instant.EPOCH.plus(micros.asLong(), ChronoUnit.MICROS))
        .max(Instant::compareTo);
  }

  /** The highest place that was noted; the slot itself is never ahead of it. */
  Optional<Lsn> position() {
    return parsed(read()).stream()
        .flatMap(offset -> Stream.of("lsn", "lsn_proc", "lsn_commit").map(offset::path))
        .filter(JsonNode::isIntegralNumber)
        .map(lsn -> new Lsn(lsn.asLong()))
        .max(Lsn::compareTo);
  }

  /** Whether the rows that were there at first have been read in part. */
  boolean isWithinSnapshot() {
    return parsed(read()).stream()
        .anyMatch(
            offset ->
                offset.hasNonNull("snapshot")
                    && !offset.path("last_snapshot_record").asBoolean()
                    && !offset.path("snapshot_completed").asBoolean());
  }

  private static List<JsonNode> parsed(Map<String, String> texts) {
    List<JsonNode> offsets = new ArrayList<>();
    for (String offset : texts.values()) {
      try {
        offsets.add(MAPPER.readTree(offset));
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException("the index's note of Debezium's offset cannot be read", e);
      }
    }
    return offsets;
  }
}
