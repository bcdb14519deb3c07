package dev.freshet.search.local;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;

import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Fuses rankings whose scores cannot be compared: each segment gets the sum of {@code 1 / (60 +
 * rank)} over the rankings that have it. The score is that sum divided by the largest one possible:
 * 1 for a segment that leads every ranking, 0.5 for one that leads one of two and misses in the
 * other.
 *
 * @see <a href="https://cormack.uwaterloo.ca/cormacksigir09-rrf.pdf">Cormack et al., 2009</a>
 */
final class ReciprocalRankFusion {

  /** The paper's; it keeps the first few ranks from outweighing all others. */
  private static final int RANK_CONSTANT = 60;

  private record SegmentPlace(DocumentId document, int ordinal) {

    static SegmentPlace of(Hit hit) {
      return new SegmentPlace(hit.documentId(), hit.ordinal());
    }
  }

  private ReciprocalRankFusion() {}

  /**
   * Fuses rankings.
   *
   * @param rankings each best first; read one after the other, so a document may have changed in
   *     between: then only its newest version counts
   */
  static List<Hit> fuse(List<List<Hit>> rankings, int limit) {
    Map<DocumentId, Instant> newest = newestVersions(rankings);
    double best = rankings.size() * reciprocal(1);
    var fused = new HashMap<SegmentPlace, Hit>();
    for (List<Hit> ranking : rankings) {
      for (int i = 0; i < ranking.size(); i++) {
        Hit hit = ranking.get(i);
        if (hit.indexedAt().equals(newest.get(hit.documentId()))) {
          Hit share = scored(hit, reciprocal(i + 1) / best);
          fused.merge(
              SegmentPlace.of(hit),
              share,
              (one, other) -> scored(one, one.score() + other.score()));
        }
      }
    }
    return fused.values().stream()
        .sorted(
            comparingDouble(Hit::score)
                .reversed()
                .thenComparing(Hit::documentId)
                .thenComparing(comparing(Hit::ordinal)))
        .limit(limit)
        .toList();
  }

  private static Map<DocumentId, Instant> newestVersions(List<List<Hit>> rankings) {
    return rankings.stream()
        .flatMap(List::stream)
        .collect(
            Collectors.toMap(
                Hit::documentId, Hit::indexedAt, (one, other) -> one.isAfter(other) ? one : other));
  }

  private static double reciprocal(int rank) {
    return 1.0 / (RANK_CONSTANT + rank);
  }

  private static Hit scored(Hit hit, double score) {
    return new Hit(
        hit.documentId(),
        hit.ordinal(),
        hit.text(),
        score,
        hit.metadata(),
        hit.origin(),
        hit.indexedAt());
  }
}
