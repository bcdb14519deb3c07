package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why the newest change of a document is not indexed. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DocumentFailureStatus(
    String reason,
    String detail,
    String position,
    @Nullable String lsn,
    Instant failedAt,
    boolean olderSearchable,
    String replay) {

  static DocumentFailureStatus of(DocumentFailure failure, boolean olderSearchable) {
    return new DocumentFailureStatus(
        failure.reason().label(),
        failure.detail(),
        failure.position().sortKey(),
        DocumentStatus.lsn(failure.position()),
        failure.failedAt(),
        olderSearchable,
        replay(failure.id()));
  }

  /** The call that replays the document's dead letters. */
  static String replay(DocumentId id) {
    return "POST /dead-letters/replay?table=%s&key=%s"
        .formatted(encoded(id.table().toString()), encoded(id.joinedKey()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
