package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.index.Hit;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a search found, best first. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record SearchResponse(List<Found> hits, @Nullable Truncation truncated, FreshnessBlock freshness) {

  /** A segment. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Found(
      String documentId,
      String table,
      String key,
      int segment,
      String text,
      double score,
      @Nullable ObjectNode metadata,
      @Nullable String lsn,
      @Nullable Long txId,
      @Nullable Instant committedAt,
      Instant indexedAt) {

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
