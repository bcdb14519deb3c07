package dev.freshet.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Past;
import dev.freshet.document.Version;
import dev.freshet.document.Version.Deleted;
import dev.freshet.document.Version.Moved;
import dev.freshet.document.Version.Present;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * States and metadata as stores keep them: JSON texts that lose no digit. A column is {@code
 * [value]}, or {@code [value, position]} where its position is not its version's.
 *
 * @param columns the newest version's
 * @param version what is to be said of the newest version beside its columns; null when nothing is
 * @param past the versions before it; null when there was none
 */
public record StateJson(String columns, @Nullable String version, @Nullable String past) {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // What was stored must be read again, whatever it is. PostgreSQL writes 1e5000
                  // with all its digits.
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String POSITION = "position";
  private static final String COLUMNS = "columns";
  private static final String LEFT_OUT = "leftOut";
  private static final String MOVED_FROM = "movedFrom";
  private static final String MOVED = "moved";
  private static final String HEIR = "heir";
  private static final String DELETED = "deleted";
  private static final String VERSIONS = "versions";
  private static final String FORGOTTEN_BEFORE = "forgottenBefore";

  /** Writes a state. */
  public static StateJson of(DocumentState state) {
    ObjectNode version = details(state.newest());
    return new StateJson(
        columns(state.newest().columns(), state.position()).toString(),
        version.isEmpty() || state.newest() instanceof Deleted ? null : version.toString(),
        past(state.past()));
  }

  private static ObjectNode columns(Map<String, ColumnVersion> columns, Position position) {
    ObjectNode json = MAPPER.createObjectNode();
    columns.forEach(
        (name, version) -> {
          ArrayNode column = json.putArray(name).add(version.value());
          if (!version.position().equals(position)) {
            column.add(version.position().sortKey());
          }
        });
    return json;
  }

  private static ObjectNode details(Version version) {
    ObjectNode json = MAPPER.createObjectNode();
    if (version instanceof Present row) {
      if (!row.leftOut().isEmpty()) {
        row.leftOut().forEach(json.putArray(LEFT_OUT)::add);
      }
      putKey(json, MOVED_FROM, row.movedFrom());
    } else if (version instanceof Moved moved) {
      json.put(MOVED, true);
      putKey(json, HEIR, moved.heir());
    } else {
      json.put(DELETED, true);
    }
    return json;
  }

  private static void putKey(ObjectNode json, String name, @Nullable DocumentId id) {
    if (id != null) {
      json.put(name, id.joinedKey());
    }
  }

  private static @Nullable String past(Past past) {
    if (past.equals(Past.NONE)) {
      return null;
    }
    ObjectNode json = MAPPER.createObjectNode();
    if (past.forgottenBefore() != null) {
      json.put(FORGOTTEN_BEFORE, past.forgottenBefore().sortKey());
    }
    ArrayNode versions = json.putArray(VERSIONS);
    for (Version version : past.versions()) {
      ObjectNode one = details(version).put(POSITION, version.position().sortKey());
      Map<String, ColumnVersion> columns = remembered(version, versions.isEmpty());
      if (!columns.isEmpty()) {
        one.set(COLUMNS, columns(columns, version.position()));
      }
      versions.add(one);
    }
    return json.toString();
  }

  /** Values that an event cannot leave out are not asked for; others stand in an older version. */
  private static Map<String, ColumnVersion> remembered(Version version, boolean oldest) {
    var columns = new LinkedHashMap<>(version.columns());
    columns.values().removeIf(column -> !Version.mayBeLeftOut(column.value()));
    if (!oldest && version instanceof Moved) {
      columns.clear();
    } else if (!oldest && version instanceof Present row && row.movedFrom() == null) {
      columns.keySet().removeAll(row.leftOut());
    }
    return columns;
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @param deleted whether the newest version is a deletion
   */
  public DocumentState state(DocumentId id, Origin origin, boolean deleted) {
    Map<String, ColumnVersion> known = columns(object(columns), origin.position());
    ObjectNode details = version == null ? MAPPER.createObjectNode() : object(version);
    Version newest = version(id, origin.position(), known, details, deleted);
    return new DocumentState(id, origin, newest, past(id));
  }

  private static Version version(
      DocumentId id,
      Position position,
      Map<String, ColumnVersion> columns,
      JsonNode details,
      boolean deleted) {
    if (details.path(MOVED).asBoolean()) {
      return new Moved(position, columns, id(id, details.path(HEIR)));
    }
    if (deleted) {
      return new Deleted(position);
    }
    var leftOut = new HashSet<String>();
    details.path(LEFT_OUT).forEach(name -> leftOut.add(name.asText()));
    return new Present(position, columns, leftOut, id(id, details.path(MOVED_FROM)));
  }

  /** A row keeps its table when it changes its key. */
  private static @Nullable DocumentId id(DocumentId of, JsonNode key) {
    return key.isMissingNode() ? null : DocumentId.of(of.table(), key.asText());
  }

  private Past past(DocumentId id) {
    if (past == null) {
      return Past.NONE;
    }
    ObjectNode json = object(past);
    var versions = new ArrayList<Version>();
    for (JsonNode one : json.path(VERSIONS)) {
      Position position = Position.parse(one.path(POSITION).asText());
      Map<String, ColumnVersion> known = columns(one.path(COLUMNS), position);
      versions.add(version(id, position, known, one, one.path(DELETED).asBoolean()));
    }
    JsonNode forgottenBefore = json.path(FORGOTTEN_BEFORE);
    return new Past(
        versions,
        forgottenBefore.isMissingNode() ? null : Position.parse(forgottenBefore.asText()));
  }

  private static Map<String, ColumnVersion> columns(JsonNode json, Position position) {
    var columns = new LinkedHashMap<String, ColumnVersion>();
    json.properties()
        .forEach(
            column -> {
              JsonNode own = column.getValue().path(1);
              columns.put(
                  column.getKey(),
                  new ColumnVersion(
                      column.getValue().path(0),
                      own.isMissingNode() ? position : Position.parse(own.asText())));
            });
    return columns;
  }

  /**
   * Reads any JSON.
   *
   * @throws JsonProcessingException when it is none
   */
  public static JsonNode value(String json) throws JsonProcessingException {
    return MAPPER.readTree(json);
  }

  /** Reads a JSON object. */
  public static ObjectNode object(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the store holds no JSON where it should", e);
    }
  }
}
