package dev.freshet.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Texts;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.MetadataValue;
import java.util.Map;

/**
 * Brings back the metadata of documents that version 0.1 has stored flat, as texts and numbers: the
 * values stand in the ledger, and the flat metadata tells which of them are metadata.
 */
public final class EarlierMetadata {

  private EarlierMetadata() {}

  /**
   * The metadata as a new version of the document would have it.
   *
   * @param flat without NULLs
   * @param columns what the ledger knows of the row
   * @param hash of the metadata, which tells whether the row's NULLs belong to it
   */
  public static ObjectNode of(ObjectNode flat, Map<String, ColumnVersion> columns, String hash) {
    ObjectNode withNulls = JsonNodeFactory.instance.objectNode();
    ObjectNode without = JsonNodeFactory.instance.objectNode();
    columns.forEach(
        (column, version) -> {
          String name = Texts.whole(column);
          JsonNode value = version.value();
          if (value.isNull()) {
            withNulls.set(name, value);
          } else if (flat.has(name)) {
            withNulls.set(name, MetadataValue.of(value));
            without.set(name, MetadataValue.of(value));
          }
        });
    flat.properties()
        .forEach(
            column -> {
              if (!without.has(column.getKey())) {
                withNulls.set(column.getKey(), column.getValue());
                without.set(column.getKey(), column.getValue());
              }
            });
    return Fingerprint.of(without).equals(hash) ? without : withNulls;
  }
}
