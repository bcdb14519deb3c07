package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.store.Hit;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a search found, best first. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record SearchResponse(
    List<Found> hits,
    @Schema(description = "Null where the answer has all that was found.")
        @Nullable Truncation truncated,
    FreshnessBlock freshness) {

  /** A segment. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @Schema(name = "Hit", description = "A segment of a document.")
  record Found(
      @Schema(description = "`schema.table/key`", example = "public.products/42") String documentId,
      @Schema(example = "public.products") String table,
      @Schema(
              description = "The key columns' values, joined with `,`; `,` and `\\` are escaped.",
              example = "42")
          String key,
      @Schema(description = "The segment's place in the document, from 0.") int segment,
      String text,
      @Schema(
              description =
                  "Higher is better. Mode `vector`: (cosine + 1) / 2, from 0 to 1. Mode `keyword`:"
                      + " the store's measure, not negative, comparable within one answer only."
                      + " Mode `hybrid`: reciprocal rank fusion, scaled so that 1 means first by"
                      + " both and 0.5 first by one and unknown to the other.")
          double score,
      @Schema(
              type = "object",
              description =
                  "The row's metadata columns, or those of `fields`; null where they are left out,"
                      + " as `truncated` says.")
          @Nullable ObjectNode metadata,
      @Schema(
              description = "The LSN of the newest change applied; null where it has none.",
              example = "0/16B3748")
          @Nullable String lsn,
      @Schema(description = "The transaction of that change (`pg_current_xact_id()`).")
          @Nullable Long txId,
      @Schema(description = "When that change was committed.") @Nullable Instant committedAt,
      @Schema(description = "When this version became searchable.") Instant indexedAt) {

    static Found of(Hit hit) {
      return new Found(
          hit.documentId().toString(),
          hit.documentId().table().toString(),
          hit.documentId().joinedKey(),
          hit.ordinal(),
          hit.text(),
          hit.score(),
          hit.metadata(),
          hit.origin().lsn().map(Lsn::toString).orElse(null),
          hit.origin().txId(),
          hit.origin().committedAt(),
          hit.indexedAt());
    }
  }

  /**
   * @param maxBytes the most bytes of the hits together
   */
  static SearchResponse of(List<Hit> hits, long maxBytes, FreshnessBlock freshness) {
    Truncation.Bounded bounded = Truncation.bounded(hits, maxBytes);
    return new SearchResponse(
        bounded.hits().stream().map(Found::of).toList(), bounded.truncation(), freshness);
  }
}
