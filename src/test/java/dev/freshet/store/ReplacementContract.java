package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.origin;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of segments and states when a version or a truncation replaces them. */
interface ReplacementContract extends StoreUnderTest {

  @Test
  default void aStoredSegmentMayGetANewVector() {
    commit(writing(product(1), 1).segment("kite", 1, 0, 0));
    commit(writing(product(1), 2).over(1).segment("kite", -1, 0, 0));

    assertThat(index().findNearest(NORTH, SearchScope.everything(9), true))
        .singleElement()
        .satisfies(hit -> assertThat(hit.score()).isCloseTo(0, within(1e-5)));
  }

  @Test
  default void aSegmentKeptByTheTruncationsUpdateKeepsItsVector() {
    commit(
        writing(product(1), 1).segment("kite", 1, 0, 0),
        writing(product(2), 1).segment("gone", 1, 0, 0));

    commit(truncation(PRODUCTS, at(5), writing(product(1), 6).over(1).kept("kite")));

    assertThat(segments(product(1))).hasSize(1);
    assertThat(index().findNearest(NORTH, SearchScope.everything(9), true))
        .extracting(Hit::text)
        .containsExactly("kite");
    assertThat(index().findMatching("kite", SearchScope.everything(9))).hasSize(1);
  }

  @Test
  default void segmentsAreCountedByTable() {
    commit(
        writing(product(1), 1).segment("a", 1, 0, 0).segment("b", 0, 1, 0),
        writing(product(2), 2).segment("c", 1, 0, 0),
        writing(product(3), 3).deleted(),
        writing(DocumentId.of(ARTICLES, "1"), 4).segment("d", 1, 0, 0));
    assertThat(index().count())
        .containsExactlyInAnyOrderEntriesOf(Map.of(PRODUCTS, 3L, ARTICLES, 1L));
    commit(writing(product(1), 5).over(1).kept("a"), writing(product(2), 6).over(1).deleted());
    assertThat(index().count()).containsEntry(PRODUCTS, 1L).containsEntry(ARTICLES, 1L);
    commit(truncation(PRODUCTS, at(9)));
    assertThat(index().count().getOrDefault(PRODUCTS, 0L)).isZero();
  }

  @Test
  default void aDocumentWithoutSegmentsIsLeftOut() {
    commit(writing(product(1), 1).segment("a", 1, 0, 0), writing(product(2), 2));
    assertThat(index().segmentsOf(Set.of(product(1), product(2), product(3))))
        .containsOnlyKeys(product(1));
  }

  /** What a ledger alone writes has nothing to be found. */
  @Test
  default void aDocumentWithoutContentsIsGoneFromTheIndex() {
    commit(writing(product(1), 1).metadata("price", 1).segment("kite", 1, 0, 0));
    var next = update(writing(product(1), 2).over(1).metadata("price", 1).kept("kite"));
    commit(new StoreUpdate(next.ledger(), List.of()));
    assertThat(index().findNearest(NORTH, SearchScope.everything(9), true)).isEmpty();
    assertThat(index().findMatching("kite", SearchScope.everything(9))).isEmpty();
    assertThat(segments(product(1))).isEmpty();
    assertThat(stored(product(1)).orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  default void aTruncationDeletesTombstonesToo() {
    commit(writing(product(1), 1).deleted(), writing(product(2), 9).deleted());

    commit(truncation(PRODUCTS, at(5)));

    assertThat(stored(product(1))).isEmpty();
    assertThat(stored(product(2))).isPresent();
  }

  @Test
  default void aTruncationDeletesExactlyWhatItsPositionSupersedes() {
    var lsn = new Lsn(50);
    var positions =
        List.<Position>of(
            new WalPosition(0, lsn, false, lsn),
            new WalPosition(0, null, false, lsn),
            new WalPosition(0, lsn, true, lsn),
            new WalPosition(0, new Lsn(90), true, new Lsn(90)),
            new WalPosition(1, lsn, true, lsn),
            new WalPosition(0, new Lsn(-1), false, new Lsn(-1)),
            new ArrivalPosition(50));
    for (int i = 0; i < positions.size(); i++) {
      assertLeavesWhatItDoesNotSupersede(
          new TableId("truncations", "t" + i), positions.get(i), positions);
    }
  }

  private void assertLeavesWhatItDoesNotSupersede(
      TableId table, Position truncated, List<Position> positions) {
    List<DocumentId> ids =
        IntStream.range(0, positions.size())
            .mapToObj(key -> DocumentId.of(table, "" + key))
            .toList();
    commit(
        IntStream.range(0, positions.size())
            .mapToObj(key -> writing(ids.get(key), 1).from(origin(positions.get(key))))
            .toArray(StoreFixtures.Writing[]::new));

    commit(truncation(table, truncated));

    assertThat(ledger().documentsOf(table))
        .as("left by %s", truncated)
        .containsExactlyInAnyOrderElementsOf(
            ids.stream()
                .filter(id -> !truncated.supersedes(positions.get(ids.indexOf(id))))
                .toList());
  }

  @Test
  default void theApproximateSearchFindsAlmostWhatTheExactOneFinds() {
    commit(
        IntStream.range(0, 400)
            .mapToObj(
                i ->
                    writing(product(i), 1)
                        .segment("t" + i, 1, (float) Math.sin(i), (float) Math.cos(i * 1.7)))
            .toArray(StoreFixtures.Writing[]::new));

    List<Hit> exact = index().findNearest(NORTH, SearchScope.everything(20), true);
    List<Hit> approximate = index().findNearest(NORTH, SearchScope.everything(20), false);

    assertThat(approximate).hasSize(20);
    assertThat(approximate.stream().filter(exact::contains).count()).isGreaterThanOrEqualTo(18);
  }
}
