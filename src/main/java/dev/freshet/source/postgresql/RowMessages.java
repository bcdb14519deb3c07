package dev.freshet.source.postgresql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.TableId;
import dev.freshet.feed.ChangeMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages as Debezium's incremental snapshot publishes them, whose values are decoded already, so
 * that they need no schema.
 *
 * <p>They have an LSN and no sequence. Their positions are the same with either, and without a
 * sequence no message proves that what was committed before it was applied: these do not come in
 * the order of the log.
 */
final class RowMessages {

  private static final JsonMapper MAPPER = new JsonMapper();

  private final SourceName owner;
  private final Clock clock;

  /**
   * @param owner whose the index is; without a connector's name where that is not known yet
   */
  RowMessages(SourceName owner, Clock clock) {
    this.owner = owner;
    this.clock = clock;
  }

  /** The message of a row that is there. */
  ChangeMessage read(TableId table, ObjectNode row, Marks.Mark mark) {
    ObjectNode source = source(table, mark.lsn(), "incremental");
    source.put("ts_ms", mark.time().toEpochMilli());
    return message("r", table, null, row, source);
  }

  /**
   * The message of a row that is not there. It tells no time: a source that was restored has lower
   * positions than before, and then this is merely late.
   */
  ChangeMessage deleted(TableId table, ObjectNode key, Lsn mark) {
    return message("d", table, key, null, source(table, mark, "false"));
  }

  private ObjectNode source(TableId table, Lsn mark, String snapshot) {
    ObjectNode source = MAPPER.createObjectNode();
    source.put("connector", "postgresql");
    if (owner.isNamed()) {
      source.put("name", owner.connector());
    }
    source.put("snapshot", snapshot);
    source.put("db", owner.database());
    source.put("schema", table.schema());
    source.put("table", table.name());
    return source.put("lsn", mark.value());
  }

  private ChangeMessage message(
      String operation,
      TableId table,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after,
      ObjectNode source) {
    ObjectNode envelope = MAPPER.createObjectNode();
    envelope.put("op", operation);
    envelope.set("before", before);
    envelope.set("after", after);
    envelope.set("source", source);
    Instant now = clock.instant();
    envelope.put("ts_ms", now.toEpochMilli());
    return new ChangeMessage(table.toString(), Map.of(), bytes(envelope));
  }

  private static byte[] bytes(JsonNode envelope) {
    try {
      return MAPPER.writeValueAsBytes(envelope);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row is not writable", e);
    }
  }
}
