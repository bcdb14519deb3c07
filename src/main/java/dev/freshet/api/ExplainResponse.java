package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.document.DocumentId;
import dev.freshet.search.Explanation;
import dev.freshet.search.Verdict;
import org.jspecify.annotations.Nullable;

/** Why a search finds a document, or does not. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ExplainResponse(
    String documentId,
    String state,
    String verdict,
    String reason,
    @Nullable Long rank,
    int k,
    @Nullable Double score,
    @Nullable Double lastScore,
    @Nullable Integer segment,
    FreshnessBlock freshness) {

  static ExplainResponse of(
      DocumentId id, int k, Explanation explanation, FreshnessBlock freshness) {
    return new ExplainResponse(
        id.toString(),
        explanation.state(),
        explanation.verdict().label(),
        explanation.verdict() == Verdict.FAILED
            ? explanation.reason()
                + " Once the cause is mended, "
                + DocumentFailureStatus.replay(id)
                + " tries it again."
            : explanation.reason(),
        explanation.rank(),
        k,
        explanation.score(),
        explanation.lastScore(),
        explanation.segment(),
        freshness);
  }
}
