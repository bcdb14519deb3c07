package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.document.DocumentId;
import dev.freshet.store.DocumentFailure;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why the newest change of a document is not indexed. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "DocumentFailure")
record DocumentFailureStatus(
    @Schema(example = "missing-column") String reason,
    @Schema(description = "What is wrong and how to mend it.") String detail,
    @Schema(description = "The position of the change that failed.") String position,
    @Schema(description = "That change's LSN.", example = "0/16B3748") @Nullable String lsn,
    @Schema(description = "When it failed.") Instant failedAt,
    @Schema(description = "Whether an older version is still searchable.") boolean olderSearchable,
    @Schema(
            description = "The call that replays it, once the cause is mended.",
            example = "POST /dead-letters/replay?table=public.products&key=42")
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
