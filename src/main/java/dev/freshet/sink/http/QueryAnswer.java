package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.search.UnsupportedSearchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One hit as the service answers it. LlamaIndex prescribes no form: its services answer flat hits,
 * or a {@code NodeWithScore}, whose node stands one level deeper.
 *
 * @param ids what may be the document's id, the likeliest first: a node has an id of its own beside
 *     its document's
 */
record QueryAnswer(List<String> ids, String text, double score, ObjectNode metadata) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final List<String> LISTS = List.of("results", "hits", "nodes", "source_nodes");
  private static final List<String> DOCUMENT_IDS = List.of("ref_doc_id", "document_id", "doc_id");
  private static final List<String> IDS = List.of("id", "id_", "node_id");
  private static final List<String> TEXTS = List.of("text", "content");

  /** The number that LlamaIndex gives to the relationship from a node to its document. */
  private static final String SOURCE_DOCUMENT = "/relationships/1/node_id";

  QueryAnswer {
    ids = List.copyOf(ids);
  }

  /**
   * Reads an answer.
   *
   * @throws UnsupportedSearchException when it has no form that is known
   */
  static List<QueryAnswer> parse(byte[] body) throws UnsupportedSearchException {
    JsonNode list = list(json(body));
    if (!list.isArray()) {
      throw new UnsupportedSearchException(
          "the LlamaIndex service answers a query without a list of hits; it must stand under one"
              + " of "
              + LISTS);
    }
    return elements(list).filter(JsonNode::isObject).map(QueryAnswer::of).toList();
  }

  private static JsonNode json(byte[] body) throws UnsupportedSearchException {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      throw new UnsupportedSearchException("the LlamaIndex service answers a query without JSON");
    }
  }

  private static JsonNode list(JsonNode answer) {
    return LISTS.stream().map(answer::path).filter(JsonNode::isArray).findFirst().orElse(answer);
  }

  private static QueryAnswer of(JsonNode hit) {
    JsonNode node = hit.path("node").isObject() ? hit.path("node") : hit;
    JsonNode metadata =
        node.path("metadata").isObject() ? node.path("metadata") : hit.path("metadata");
    var ids = new ArrayList<String>();
    for (JsonNode holder : List.of(hit, node)) {
      DOCUMENT_IDS.forEach(name -> addText(ids, holder.path(name)));
      addText(ids, holder.at(SOURCE_DOCUMENT));
      IDS.forEach(name -> addText(ids, holder.path(name)));
    }
    DOCUMENT_IDS.forEach(name -> addText(ids, metadata.path(name)));
    return new QueryAnswer(
        ids,
        text(node),
        hit.path("score").asDouble(node.path("score").asDouble()),
        metadata instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
  }

  private static void addText(List<String> ids, JsonNode value) {
    if (value.isValueNode() && !value.isNull() && !ids.contains(value.asText())) {
      ids.add(value.asText());
    }
  }

  private static String text(JsonNode node) {
    return TEXTS.stream()
        .map(node::get)
        .filter(Objects::nonNull)
        .map(JsonNode::asText)
        .findFirst()
        .orElse("");
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
