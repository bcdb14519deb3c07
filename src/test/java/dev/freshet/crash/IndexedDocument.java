package dev.freshet.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.Fingerprint;
import dev.freshet.support.Models;
import java.util.ArrayList;
import java.util.List;

/**
 * A document as a store keeps it.
 *
 * @param segments the texts in order, each behind its ordinal and a colon
 * @param metadata that of the document, once for each segment
 */
record IndexedDocument(
    String contentHash, String metadataHash, List<String> segments, List<JsonNode> metadata) {

  static IndexedDocument expected(ObjectNode row) {
    var segments = new ArrayList<String>();
    var metadata = new ArrayList<JsonNode>();
    for (String text : Models.splitter().split(TestIndex.text(row))) {
      segments.add(segment(segments.size(), text));
      metadata.add(row);
    }
    return new IndexedDocument(
        Fingerprint.of(TestIndex.text(row)), Fingerprint.of(row), segments, metadata);
  }

  static String segment(int ordinal, String text) {
    return ordinal + ": " + text;
  }
}
