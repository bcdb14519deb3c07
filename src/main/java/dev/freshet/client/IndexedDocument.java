package dev.freshet.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The state of one document.
 *
 * @param state {@code indexed}, {@code pending}, {@code deleted}, {@code failed}, {@code ignored}
 *     or {@code unknown}
 * @param lsn of the newest change applied; null where it has none
 * @param txId the transaction of that change; null where it is not known
 */
public record IndexedDocument(
    String documentId,
    String state,
    @Nullable String lsn,
    @Nullable Long txId,
    IndexFreshness freshness) {

  static IndexedDocument of(JsonNode answer) {
    return new IndexedDocument(
        answer.path("documentId").asText(),
        answer.path("state").asText(),
        Json.text(answer, "lsn"),
        Json.number(answer, "txId"),
        IndexFreshness.of(answer.path("freshness")));
  }
}
