package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.freshet.changeevent.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the index knows of a document, what is on its way, and how fresh that is.
 *
 * @param received null where nothing newer is on its way
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DocumentAnswer(
    @JsonUnwrapped DocumentStatus document, @Nullable Received received, FreshnessBlock freshness) {

  /** A change on its way. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Received(
      String position,
      @Nullable String lsn,
      @Nullable Long txId,
      @Nullable Instant committedAt,
      Instant receivedAt) {

    static Received of(Origin origin) {
      return new Received(
          origin.position().sortKey(),
          DocumentStatus.lsn(origin.position()),
          origin.txId(),
          origin.committedAt(),
          origin.receivedAt());
    }
  }
}
