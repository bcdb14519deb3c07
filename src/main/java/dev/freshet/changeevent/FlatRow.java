package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The flattened form of {@code ExtractNewRecordState}: the row itself at the root, with what {@code
 * add.fields} adds in fields that start with two underscores. Without {@code __op} it is an upsert,
 * unless {@code __deleted} says otherwise.
 */
final class FlatRow {

  private static final Set<String> ADDED_FIELDS =
      Set.of(
          "__deleted",
          "__op",
          "__table",
          "__schema",
          "__db",
          "__name",
          "__connector",
          "__version",
          "__lsn",
          "__txId",
          "__sequence",
          "__ts_ms",
          "__ts_us",
          "__ts_ns",
          "__snapshot");

  private static final Set<String> SOURCE_MEMBERS =
      Set.of(
          "connector",
          "name",
          "db",
          "schema",
          "table",
          "txId",
          "lsn",
          "sequence",
          "ts_ms",
          "ts_us");

  private static final String SOURCE_FIELDS = "__source_";

  private FlatRow() {}

  static RawChange decode(ObjectNode root, JsonNode schema) {
    ObjectNode row = root.deepCopy();
    row.remove(
        root.properties().stream().map(field -> field.getKey()).filter(FlatRow::added).toList());
    boolean deleted = root.path("__deleted").asBoolean();
    JsonNode nothing = MissingNode.getInstance();
    return new RawChange(
        deleted ? "d" : root.path("__op").asText(RawChange.UNSTATED),
        deleted ? row : nothing,
        deleted ? nothing : row,
        source(root),
        asEnvelopeSchema(schema),
        root.path("__ts_ms"));
  }

  private static boolean added(String field) {
    return ADDED_FIELDS.contains(field) || field.startsWith(SOURCE_FIELDS);
  }

  private static ObjectNode source(ObjectNode root) {
    ObjectNode source = JsonNodeFactory.instance.objectNode();
    for (String name : SOURCE_MEMBERS) {
      JsonNode value = root.path(SOURCE_FIELDS + name);
      source.set(
          name, value.isMissingNode() && !name.startsWith("ts_") ? root.path("__" + name) : value);
    }
    return source;
  }

  /** The row's schema stands where an envelope has those of {@code before} and {@code after}. */
  private static JsonNode asEnvelopeSchema(JsonNode rowSchema) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    if (rowSchema.isObject()) {
      for (String part : Set.of("before", "after")) {
        schema.withArray("fields").add(((ObjectNode) rowSchema.deepCopy()).put("field", part));
      }
    }
    return schema;
  }
}
