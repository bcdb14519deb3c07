package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEvent.Marker;
import dev.freshet.changeevent.ChangeEvent.RowDeleted;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEvent.TableTruncated;
import dev.freshet.changeevent.ChangeEvent.Tombstone;
import dev.freshet.changeevent.ChangeEvent.Unknown;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a message in any form that Debezium Server sends: the envelope with its schema or
 * without, CloudEvents, flattened rows, tombstones, transaction and heartbeat messages.
 */
public final class ChangeEventDecoder {

  private static final String CONNECTOR = "postgresql";

  private static final String OLD_KEY = "__debezium.oldkey";
  private static final String NEW_KEY = "__debezium.newkey";

  /** That of the logical messages that {@code docs/debezium.md} lets the heartbeat write. */
  private static final String HEARTBEAT_PREFIX = "heartbeat";

  private final RowDecoder rows;
  private final SourceEpoch epoch;

  /**
   * @param epoch counts how often the source started its LSN again; a dead letter that carries an
   *     earlier one keeps it
   * @param unavailableValue Debezium's {@code unavailable.value.placeholder}
   */
  public ChangeEventDecoder(int epoch, String unavailableValue, ColumnTypes columnTypes) {
    this.rows = new RowDecoder(new UnavailableValue(unavailableValue), columnTypes);
    this.epoch = new SourceEpoch(epoch);
  }

  /** The count of the source's restarts under which a message is read. */
  public int sourceEpoch(ChangeMessage message) {
    return epoch.of(message);
  }

  /**
   * Decodes what a message says of a row.
   *
   * @throws RejectedException when the message has none of the known forms
   */
  public ChangeEvent decode(ChangeMessage message, Instant receivedAt) {
    return decodeWithProgress(message, receivedAt).event();
  }

  /**
   * Decodes what a message says of a row, and of the source's stream.
   *
   * @throws RejectedException when the message has none of the known forms
   */
  public DecodedMessage decodeWithProgress(ChangeMessage message, Instant receivedAt) {
    if (isTombstone(message.body())) {
      return silent(new Tombstone());
    }
    JsonNode root = Json.parse(message.body(), "the body");
    boolean wrapped = root.size() == 2 && root.has("schema") && root.has("payload");
    JsonNode payload = wrapped ? root.path("payload") : root;
    JsonNode schema = wrapped ? root.path("schema") : MissingNode.getInstance();
    if (payload.isNull()) {
      return silent(new Tombstone());
    }
    if (!(payload instanceof ObjectNode content) || content.isEmpty()) {
      throw undecodable("the body is not a JSON object with fields");
    }
    Marker marker = marker(content, message.routingKey());
    if (marker != null) {
      var progress =
          new ProgressDecoder(sourceEpoch(message)).ofMarker(content, message.routingKey());
      return new DecodedMessage(marker, progress);
    }
    DecodedMessage decoded = new Decoding(message, receivedAt).decode(change(content, schema));
    return isHeartbeat(decoded.event(), content)
        ? new DecodedMessage(new Marker(Marker.Kind.HEARTBEAT), decoded.progress())
        : decoded;
  }

  /** A logical message that Debezium's heartbeat wrote; in a CloudEvent it stands deeper. */
  private static boolean isHeartbeat(ChangeEvent event, ObjectNode content) {
    return event instanceof Marker && content.findPath("prefix").asText().equals(HEARTBEAT_PREFIX);
  }

  private static DecodedMessage silent(ChangeEvent event) {
    return new DecodedMessage(event, SourceProgress.NONE);
  }

  /** Debezium Server sends the text {@code default} for a null value; others nothing, or null. */
  private static boolean isTombstone(byte[] body) {
    if (body.length > 16) {
      return false;
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.isEmpty() || text.equals("default") || text.equals("null");
  }

  private static @Nullable Marker marker(ObjectNode content, String routingKey) {
    if (content.has("status") && content.has("event_count") && content.has("data_collections")) {
      return new Marker(Marker.Kind.TRANSACTION);
    }
    boolean onlyTime = content.size() == 1 && content.has("ts_ms");
    return onlyTime || routingKey.startsWith("__debezium-heartbeat")
        ? new Marker(Marker.Kind.HEARTBEAT)
        : null;
  }

  private static RawChange change(ObjectNode content, JsonNode schema) {
    if (CloudEvent.matches(content)) {
      return CloudEvent.decode(content);
    }
    boolean envelope =
        content.path("op").isTextual()
            && (content.has("source") || content.has("after") || content.has("before"));
    return envelope ? RawChange.ofEnvelope(content, schema) : FlatRow.decode(content, schema);
  }

  private static RejectedException undecodable(String detail) {
    return new RejectedException(RejectionReason.UNDECODABLE, detail);
  }

  /** One message's decoding. */
  private final class Decoding {

    private final ChangeMessage message;
    private final Instant receivedAt;

    Decoding(ChangeMessage message, Instant receivedAt) {
      this.message = message;
      this.receivedAt = receivedAt;
    }

    DecodedMessage decode(RawChange change) {
      requirePostgresql(change);
      int sourceEpoch = sourceEpoch(message);
      Origin origin = new OriginDecoder(sourceEpoch).decode(change, receivedAt);
      return new DecodedMessage(
          event(change, origin), new ProgressDecoder(sourceEpoch).decode(change, origin));
    }

    private ChangeEvent event(RawChange change, Origin origin) {
      return switch (change.operation()) {
        case "c", "u", "r", RawChange.UNSTATED -> upserted(change, origin);
        case "d" -> deleted(change, origin);
        case "t" -> new TableTruncated(table(change), origin);
        case "m" -> new Marker(Marker.Kind.LOGICAL_MESSAGE);
        default -> new Unknown(change.operation());
      };
    }

    /** Rows of other databases have no position that can be compared, or map by accident. */
    private void requirePostgresql(RawChange change) {
      String connector = change.source().path("connector").asText("");
      if (!connector.isEmpty() && !connector.equals(CONNECTOR)) {
        throw undecodable(
            "the event comes from Debezium's connector '%s'; Freshet indexes the changes of '%s',"
                    .formatted(connector, CONNECTOR)
                + " so send only those to this queue");
      }
      if (change.after().isTextual() || change.before().isTextual()) {
        throw undecodable(
            "'after' or 'before' is a text, as Debezium's connector 'mongodb' sends it; Freshet"
                + " indexes the changes of '"
                + CONNECTOR
                + "', so send only those to this queue");
      }
    }

    private RowUpserted upserted(RawChange change, Origin origin) {
      TableId table = table(change);
      if (!change.after().isObject()) {
        throw undecodable("the event of operation '" + change.operation() + "' has no 'after'");
      }
      Row row = rows.decode(table, change.after(), change.rowSchema("after"));
      Row oldKey = header(OLD_KEY).map(key -> key(table, key)).orElse(null);
      if (oldKey == null && change.before().isObject()) {
        oldKey = rows.decode(table, change.before(), change.rowSchema("before"));
      }
      boolean told = oldKey != null || !change.operation().equals("u");
      return new RowUpserted(table, row, oldKey, told ? FormerKey.TOLD : FormerKey.UNTOLD, origin);
    }

    private RowDeleted deleted(RawChange change, Origin origin) {
      TableId table = table(change);
      // Without a replica identity there is no 'before'; the mapping then misses the key.
      Row before =
          change.before().isObject()
              ? rows.decode(table, change.before(), change.rowSchema("before"))
              : Row.of(Map.of());
      boolean moved = header(NEW_KEY).isPresent();
      return new RowDeleted(table, before, moved, origin);
    }

    private Row key(TableId table, String header) {
      JsonNode key = Json.parse(header, "the header " + OLD_KEY);
      boolean wrapped = key.has("schema") && key.has("payload");
      return wrapped
          ? rows.decode(table, key.path("payload"), key.path("schema"))
          : rows.decode(table, key, MissingNode.getInstance());
    }

    private Optional<String> header(String name) {
      return Optional.ofNullable(message.headers().get(name));
    }

    private TableId table(RawChange change) {
      String schema = change.source().path("schema").asText("");
      String name = change.source().path("table").asText("");
      return usable(
          schema.isEmpty() || name.isEmpty() ? tableOfRoutingKey(name) : new TableId(schema, name));
    }

    /** One text names a table everywhere, and its first dot separates. */
    private static TableId usable(TableId table) {
      if (table.schema().indexOf('.') >= 0 || !Texts.isWhole(table.toString())) {
        throw undecodable(
            "the table's schema has a dot, or its name a character that no database can store");
      }
      return table;
    }

    /** A topic is {@code schema.table} or {@code prefix.schema.table}. */
    private TableId tableOfRoutingKey(String name) {
      String[] words = message.routingKey().split("\\.", -1);
      int last = words.length - 1;
      if (last < 1 || words[last - 1].isEmpty() || words[last].isEmpty()) {
        throw new RejectedException(
            RejectionReason.MISSING_TABLE,
            "neither the event's source nor its routing key names the table; publish it with a"
                + " routing key such as public.products, or post it to"
                + " /events?table=public.products");
      }
      return new TableId(words[last - 1], name.isEmpty() ? words[last] : name);
    }
  }
}
