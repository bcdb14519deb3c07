package dev.freshet.search.local;

import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a searchable document stands in a search, or why it has no place. */
final class Placement {

  private final Ranking ranking;
  private final DocumentId id;
  private final SearchQuery query;
  private final int k;

  Placement(Ranking ranking, DocumentId id, SearchQuery query) {
    this.ranking = ranking;
    this.id = id;
    this.query = query;
    this.k = query.scope().limit();
  }

  Explanation explanation() {
    Optional<Hit> any = nearest(SearchScope.everything(1));
    if (any.isEmpty()) {
      return Explanation.of(
          Verdict.EMPTY, "The document's text is empty, so it has no segment that a search finds.");
    }
    Optional<Hit> inScope = nearest(ranking.scope());
    if (inScope.isEmpty()) {
      return Explanation.of(Verdict.FILTERED, filterVerdict().of(query, id));
    }
    return switch (query.mode()) {
      case VECTOR -> ranked(inScope.get());
      case KEYWORD -> match().map(this::ranked).orElseGet(this::noMatch);
      case HYBRID -> fused(inScope.get());
    };
  }

  private FilterVerdict filterVerdict() {
    return ranking.filterVerdict(scope -> nearest(scope).isPresent());
  }

  private Optional<Hit> nearest(SearchScope scope) {
    return ranking.nearest(scope.bestOf(id), true).stream().findFirst();
  }

  private Optional<Hit> match() {
    return ranking.matching(ranking.scope().bestOf(id)).stream().findFirst();
  }

  private Explanation noMatch() {
    return Explanation.of(
        Verdict.NO_MATCH, "No word of the query is in the document, and mode keyword needs one.");
  }

  /**
   * @param best the document's best segment, which the mode's own ranking has somewhere
   */
  private Explanation ranked(Hit best) {
    if (best.score() < query.minScore()) {
      return belowMinScore(best);
    }
    List<Hit> hits = ranking.best(false);
    if (placeIn(hits) > 0) {
      return found(hits);
    }
    long rank = ranking.rank(query.mode(), best.score());
    Optional<Explanation> missed = rank <= k ? missed() : Optional.empty();
    return missed.orElseGet(() -> belowK(best, Math.max(rank, k + 1L), last(hits, k)));
  }

  private Explanation fused(Hit nearest) {
    List<Hit> all = ranking.fused(Integer.MAX_VALUE, false);
    int place = placeIn(all);
    if (place > 0 && all.get(place - 1).score() < query.minScore()) {
      return belowMinScore(all.get(place - 1));
    }
    if (place > 0 && place <= k) {
      return found(all);
    }
    return missed().orElseGet(() -> belowKByBoth(nearest, all, place));
  }

  /** What an exact search finds, and the approximate one leaves out when it is asked once more. */
  private Optional<Explanation> missed() {
    List<Hit> exact = ranking.best(true);
    int place = placeIn(exact);
    if (place == 0 || exact.get(place - 1).score() < query.minScore()) {
      return Optional.empty();
    }
    List<Hit> again = ranking.best(false);
    if (placeIn(again) > 0) {
      return Optional.of(found(again));
    }
    Hit best = exact.get(place - 1);
    String reason =
        "The approximate vector index misses it: a comparison with every vector finds it at rank %d"
                .formatted(place)
            + " of %d, with the score %s; exact=true does that comparison."
                .formatted(k, Scores.text(best.score()));
    return Optional.of(
        Explanation.of(Verdict.MISSED_BY_INDEX, reason, best, (long) place, last(exact, k)));
  }

  private Explanation found(List<Hit> hits) {
    int place = placeIn(hits);
    Hit best = hits.get(place - 1);
    String reason =
        "The search finds it: its best segment is hit %d of at most %d, with the score %s."
            .formatted(place, k, Scores.text(best.score()));
    return Explanation.of(Verdict.FOUND, reason, best, (long) place, last(hits, k));
  }

  private Explanation belowMinScore(Hit best) {
    String reason =
        "Its best segment has the score %s, which is below the least score asked for, %s."
            .formatted(Scores.text(best.score()), Scores.text(query.minScore()));
    return Explanation.of(Verdict.BELOW_MIN_SCORE, reason, best, null, null);
  }

  private Explanation belowK(Hit best, long rank, @Nullable Double lastScore) {
    String reason =
        "Its best segment stands at rank %d, and %d were asked for; it has the score %s%s."
            .formatted(rank, k, Scores.text(best.score()), lastHit(lastScore));
    return Explanation.of(Verdict.BELOW_K, reason, best, rank, lastScore);
  }

  private Explanation belowKByBoth(Hit nearest, List<Hit> all, int place) {
    String byWords =
        match()
            .map(best -> "at rank " + ranking.rank(SearchMode.KEYWORD, best.score()) + " by words")
            .orElse("by words nowhere, as no word of the query is in it");
    String byBoth =
        "Its segments stand at rank %d by meaning and %s; the best %d of each count"
            .formatted(ranking.rank(SearchMode.VECTOR, nearest.score()), byWords, ranking.depth());
    Double lastScore = last(all, k);
    if (place == 0) {
      String reason =
          "%s, so it has no place among the %d that were asked for%s."
              .formatted(byBoth, k, lastHit(lastScore));
      return new Explanation(Verdict.BELOW_K, reason, null, null, lastScore, null);
    }
    Hit best = all.get(place - 1);
    String reason =
        "%s. Fused it stands at rank %d, and %d were asked for; it has the score %s%s."
            .formatted(byBoth, place, k, Scores.text(best.score()), lastHit(lastScore));
    return Explanation.of(Verdict.BELOW_K, reason, best, (long) place, lastScore);
  }

  private static String lastHit(@Nullable Double lastScore) {
    return lastScore == null ? "" : ", the last hit " + Scores.text(lastScore);
  }

  /** From 1; 0 when no segment of the document is there. */
  private int placeIn(List<Hit> hits) {
    for (int i = 0; i < hits.size(); i++) {
      if (hits.get(i).documentId().equals(id)) {
        return i + 1;
      }
    }
    return 0;
  }

  private static @Nullable Double last(List<Hit> hits, int most) {
    return hits.isEmpty() ? null : hits.get(Math.min(hits.size(), most) - 1).score();
  }
}
