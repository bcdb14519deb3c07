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
    List<Failed> except,
    @Nullable Lost lost) {

  static final int MOST = 100;

  /** Messages of which nothing tells what they were. */
  record Lost(long messages, Instant since, String how) {

    static Lost of(Loss loss) {
      return new Lost(loss.messages(), loss.noticedAt(), loss.how());
    }
  }

  /** A document whose newest change was given up. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Failed(
      String documentId,
      String table,
      String key,
      @Nullable String lsn,
      String reason,
      String detail,
      Instant failedAt) {

    static Failed of(DocumentFailure failure) {
      return new Failed(
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
        failures.stream().map(Failed::of).toList(),
        lost == null ? null : Lost.of(lost));
  }
}
