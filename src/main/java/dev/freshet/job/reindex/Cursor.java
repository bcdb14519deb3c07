package dev.freshet.job.reindex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import org.jspecify.annotations.Nullable;

/**
 * Where a reindex goes on.
 *
 * @param rendering the former one whose documents are made again now
 * @param after the last of them that was passed; null before the first
 */
record Cursor(Rendering rendering, @Nullable DocumentId after) {

  private static final String RENDERING = "rendering";
  private static final String AFTER = "after";

  static Cursor of(JsonNode json, TableId table) {
    JsonNode after = json.path(AFTER);
    return new Cursor(
        new Rendering(json.path(RENDERING).asText()),
        after.isTextual() ? DocumentId.of(table, after.asText()) : null);
  }

  Cursor behind(DocumentId document) {
    return new Cursor(rendering, document);
  }

  JsonNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put(RENDERING, rendering.text());
    if (after != null) {
      json.put(AFTER, after.joinedKey());
    }
    return json;
  }
}
