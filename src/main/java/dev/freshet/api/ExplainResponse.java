package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.document.DocumentId;
import dev.freshet.search.Explanation;
import dev.freshet.search.Verdict;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a search finds a document, or does not. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "Explanation")
record ExplainResponse(
    @Schema(description = "`schema.table/key`", example = "public.products/42") String documentId,
    @Schema(
            type = "string",
            description = "As `GET /documents/{table}/{key}` has it.",
            allowableValues = {"indexed", "pending", "deleted", "unknown", "ignored", "failed"})
        String state,
    @Schema(
            type = "string",
            description =
                "`found`: it is among the hits. `unknown`: no change of it was ever applied."
                    + " `ignored`: the mapping makes no document of its row."
                    + " `pending`: its newest change leaves out values that have not arrived yet."
                    + " `failed`: its newest change was dead-lettered. `deleted`: gone. `empty`: its"
                    + " text is empty. `other-table`: the search looks in another table."
                    + " `filtered`: the filter leaves it out. `below-min-score`: its score is lower"
                    + " than `minScore`. `no-match`: no word of the query is in it, of mode"
                    + " `keyword`. `below-k`: it stands further down than `k`. `missed-by-index`:"
                    + " a comparison with every vector finds it, the approximate index does not.",
            allowableValues = {
              "found",
              "unknown",
              "ignored",
              "pending",
              "failed",
              "deleted",
              "empty",
              "other-table",
              "filtered",
              "below-min-score",
              "no-match",
              "below-k",
              "missed-by-index"
            })
        String verdict,
    @Schema(
            description = "The verdict as a sentence for people, with the figures.",
            example =
                "Its best segment stands at rank 12, and 10 were asked for; it has the score"
                    + " 0.7100, the last hit 0.7500.")
        String reason,
    @Schema(
            description =
                "Where its best segment stands among all segments that the search looks at, from 1."
                    + " Of equal scores each has the best rank; null where it has no place.")
        @Nullable Long rank,
    @Schema(description = "How many hits were asked for.") int k,
    @Schema(description = "Its best segment's score; null where none was made.")
        @Nullable Double score,
    @Schema(description = "The last hit's score; null where there is no hit to compare with.")
        @Nullable Double lastScore,
    @Schema(description = "Its best segment's place in the document, from 0.")
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
