package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import dev.freshet.document.RenderedDocument;
import java.util.Map;

/**
 * A document to put in the place of what the service has under its id.
 *
 * @param id under which the service knows the document
 * @param position of the request; see {@link RequestPositions}
 * @param trace the headers that name the trace of its change
 */
record Upsert(
    DocumentId document,
    String id,
    RenderedDocument rendered,
    String position,
    Map<String, String> trace) {

  /** The body of a call about this document alone. */
  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", id).put("content", rendered.content()).set("metadata", rendered.metadata());
    return body;
  }

  /** Its part of the body of a call about several documents, with what are headers otherwise. */
  ObjectNode part() {
    ObjectNode part = body().put("position", position);
    trace.forEach(part::put);
    return part;
  }
}
