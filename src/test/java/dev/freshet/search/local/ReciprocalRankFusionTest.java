package dev.freshet.search.local;

import static dev.freshet.search.local.Hits.hit;
import static dev.freshet.search.local.Hits.hits;
import static dev.freshet.search.local.Hits.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.index.Hit;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReciprocalRankFusionTest {

  @Test
  void whatBothRankingsHaveComesFirst() {
    var fused = ReciprocalRankFusion.fuse(List.of(hits("a", "b", "c"), hits("d", "c", "e")), 10);

    assertThat(keys(fused)).containsExactly("c", "a", "d", "b", "e");
  }

  @Test
  void theScoreIsOneForTheFirstOfEachRanking() {
    var fused = ReciprocalRankFusion.fuse(List.of(hits("a", "b"), hits("a", "c")), 10);

    assertThat(fused.get(0).score()).isEqualTo(1);
    assertThat(fused.get(1).score()).isCloseTo(61.0 / 62 / 2, within(1e-12));
  }

  @Test
  void theScoreIsAHalfForTheFirstOfOneRankingOnly() {
    var fused = ReciprocalRankFusion.fuse(List.of(hits("a"), hits()), 10);

    assertThat(fused).singleElement().extracting(Hit::score).isEqualTo(0.5);
  }

  @Test
  void segmentsOfOneDocumentAreRankedEachForItself() {
    var fused =
        ReciprocalRankFusion.fuse(
            List.of(List.of(hit("a", 1, 0.9, 1), hit("a", 0, 0.8, 1)), List.of(hit("a", 0, 3, 1))),
            10);

    assertThat(fused).extracting(Hit::ordinal).containsExactly(0, 1);
  }

  @Test
  void onlyTheNewestVersionOfADocumentCounts() {
    List<Hit> before = List.of(hit("a", 0, 0.9, 1), hit("a", 1, 0.8, 1), hit("b", 0, 0.7, 1));
    List<Hit> after = List.of(hit("a", 0, 3, 2));

    var fused = ReciprocalRankFusion.fuse(List.of(before, after), 10);

    assertThat(fused).extracting(Hit::text).containsExactly("a version 2", "b version 1");
  }

  @Test
  void theLimitCutsWhatIsFused() {
    var fused = ReciprocalRankFusion.fuse(List.of(hits("a", "b", "c"), hits("c")), 2);

    assertThat(keys(fused)).containsExactly("c", "a");
  }

  @Test
  void nothingFusedIsNothing() {
    assertThat(ReciprocalRankFusion.fuse(List.of(List.of(), List.of()), 5)).isEmpty();
  }
}
