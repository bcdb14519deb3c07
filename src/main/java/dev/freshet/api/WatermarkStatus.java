package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.feed.Loss;
import dev.freshet.ledger.DocumentFailure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Up to where everything is searchable, and the exceptions. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record WatermarkStatus(
    @Nullable String lsn,
    int epoch,
    boolean exact,
    @Nullable Long failedDocuments,
    List<FailedDocument> except,
    @Nullable LostMessages lost) {

  static final int MOST = 100;

  /** Messages of which nothing tells what they were. */
  record LostMessages(long messages, Instant since, String how) {

    static LostMessages of(Loss loss) {
      return new LostMessages(loss.messages(), loss.noticedAt(), loss.how());
    }
  }

  /** A document whose newest change was given up. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record FailedDocument(
      String documentId,
      String table,
      String key,
      @Nullable String lsn,
      String reason,
      String detail,
      Instant failedAt) {

    static FailedDocument of(DocumentFailure failure) {
      return new FailedDocument(
          failure.id().toString(),
          failure.id().table().toString(),
          failure.id().joinedKey(),
          DocumentStatus.lsn(failure.position()),
          failure.reason().label(),
          failure.detail(),
          failure.failedAt());
    }
  }

  static WatermarkStatus of(
      FreshnessBlock freshness, int epoch, List<DocumentFailure> failures, @Nullable Loss lost) {
    return new WatermarkStatus(
        freshness.asOfLsn(),
        epoch,
        freshness.exact(),
        freshness.failedDocuments(),
        failures.stream().map(FailedDocument::of).toList(),
        lost == null ? null : LostMessages.of(lost));
  }
}
