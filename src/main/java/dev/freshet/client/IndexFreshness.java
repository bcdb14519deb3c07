package dev.freshet.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * How fresh the index was when it answered.
 *
 * @param asOfLsn every commit before it is searchable, but for the failed documents; null while no
 *     position is known
 * @param exact whether nobody else can hold messages of the same queue
 * @param lagMillis the age of the newest commit applied while changes wait; null where not known
 * @param pending messages that wait or are being applied; null where not known
 * @param failedDocuments documents whose newest change was dead-lettered; null where not known
 * @param note one sentence on what is not as it should be; null while all is well
 */
public record IndexFreshness(
    @Nullable String asOfLsn,
    boolean exact,
    @Nullable Long lagMillis,
    @Nullable Long pending,
    @Nullable Long failedDocuments,
    @Nullable String note) {

  static IndexFreshness of(JsonNode block) {
    return new IndexFreshness(
        Json.text(block, "asOfLsn"),
        block.path("exact").asBoolean(),
        Json.number(block, "lagMillis"),
        Json.number(block, "pending"),
        Json.number(block, "failedDocuments"),
        Json.text(block, "note"));
  }
}
