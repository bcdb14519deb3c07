package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.feed.Loss;
import dev.freshet.store.DocumentFailure;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Up to where everything is searchable, and the exceptions. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(
    name = "Watermark",
    description = "Up to where every commit is searchable, and the documents that are not.")
record WatermarkStatus(
    @Schema(example = "0/16B3748") @Nullable String lsn,
    @Schema(description = "The source's, which `freshet.source-epoch` counts.") int epoch,
    boolean exact,
    @Nullable Long failedDocuments,
    @Schema(description = "The newest of the documents that failed; at most 100.")
        List<Failed> except,
    @Schema(
            description =
                "Messages that left the queue unsettled and without a dead letter, such as by a"
                    + " purge; until `DELETE /freshness/losses` the watermark is not exact. Null"
                    + " while none are known.",
            nullable = true)
        @Nullable Lost lost) {

  static final int MOST = 100;

  /** Messages of which nothing tells what they were. */
  @Schema(name = "LostMessages", description = "Messages of which nothing tells what they were.")
  record Lost(
      @Schema(description = "How many at least.") long messages,
      @Schema(description = "When that showed first.") Instant since,
      @Schema(description = "Where the newest of them were, and how they may have gone.")
          String how) {

    static Lost of(Loss loss) {
      return new Lost(loss.messages(), loss.noticedAt(), loss.how());
    }
  }

  /** A document whose newest change was given up. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @Schema(name = "FailedDocument", description = "A document whose newest change was given up.")
  record Failed(
      @Schema(description = "`schema.table/key`", example = "public.products/42") String documentId,
      @Schema(example = "public.products") String table,
      @Schema(example = "42") String key,
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
