package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.NOW;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.origin;
import static dev.freshet.store.StoreFixtures.segmentId;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.index.Hit;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StoredDocument;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a store remembers of a document. */
interface StateContract extends StoreUnderTest {

  @Test
  default void whatWasNeverWrittenIsAbsent() {
    assertThat(stored(ONE)).isEmpty();
    assertThat(ledger().read(Set.of(), Set.of()))
        .isEqualTo(ledger().read(Set.of(TWO), Set.of(ARTICLES)));
    assertThat(ledger().documentsOf(PRODUCTS)).isEmpty();
    assertThat(nearest(1, 0, 0)).isEmpty();
  }

  @Test
  default void aStateComesBackExactly() throws Exception {
    var beforeFirstCommit = new WalPosition(2, null, true, new Lsn(-3));
    var writing =
        writing(ONE, 5)
            .from(new Origin(beforeFirstCommit, null, null, null, NOW))
            .column("text", TextNode.valueOf("日本 🎉 \" \\ \n \u0001"), beforeFirstCommit)
            .column("older", TextNode.valueOf("kept"), at(1))
            .column("nothing", NullNode.getInstance(), beforeFirstCommit)
            .column("long", LongNode.valueOf(9_007_199_254_740_993L), beforeFirstCommit)
            .column("big", BigIntegerNode.valueOf(new BigInteger("92233720368547758080")), at(2))
            .column("decimal", DecimalNode.valueOf(new BigDecimal("12.30")), beforeFirstCommit)
            .column("nul", TextNode.valueOf("a\0b"), beforeFirstCommit)
            .column(
                "nested",
                JsonNodeFactory.instance.objectNode().set("a", TextNode.valueOf("b")),
                beforeFirstCommit)
            .metadata("category", "books")
            .segment("first", 1, 0, 0)
            .segment("second", 0, 1, 0);
    store().commit(update(writing));
    DocumentWrite write = writing.done();

    StoredDocument stored = stored(ONE).orElseThrow();
    assertThat(stored.state().id()).isEqualTo(ONE);
    assertThat(stored.state().origin()).isEqualTo(write.state().origin());
    assertThat(stored.state().columns().keySet()).containsAll(write.state().columns().keySet());
    write
        .state()
        .columns()
        .forEach(
            (name, version) -> {
              var column = stored.state().columns().get(name);
              assertThat(column.position()).as(name).isEqualTo(version.position());
              assertThat(column.value().toString()).as(name).isEqualTo(version.value().toString());
            });
    assertThat(stored.revision()).isEqualTo(1);
    assertThat(stored.contentHash()).isEqualTo("content-hash");
    assertThat(stored.metadataHash()).isEqualTo("metadata-hash");
    assertThat(stored.indexedAt()).isEqualTo(NOW.plusMillis(20));
    assertThat(stored.embeddedAt()).isEqualTo(NOW.plusMillis(15));
    assertThat(stored.embedded()).isEqualTo(2);
    assertThat(segments(ONE)).containsExactly(segmentId(ONE, "first"), segmentId(ONE, "second"));
  }

  @Test
  default void everyPartOfAnOriginComesBack() throws Exception {
    var arrived = origin(new ArrivalPosition(1_795_195_385_796_649L));
    store().commit(update(writing(ONE, 1), writing(TWO, 1).from(arrived)));
    assertThat(stored(ONE).orElseThrow().state().origin()).isEqualTo(origin(at(1)));
    assertThat(stored(TWO).orElseThrow().state().origin()).isEqualTo(arrived);
  }

  @Test
  default void aTombstoneHasNoSegmentsAndIsNoDocument() throws Exception {
    store().commit(update(writing(ONE, 1).segment("text", 1, 0, 0)));
    store().commit(update(writing(ONE, 2).over(1).deleted()));
    StoredDocument tombstone = stored(ONE).orElseThrow();
    assertThat(tombstone.state().deleted()).isTrue();
    assertThat(tombstone.state().columns()).isEmpty();
    assertThat(tombstone.revision()).isEqualTo(2);
    assertThat(tombstone.embeddedAt()).isNull();
    assertThat(tombstone.embedded()).isNull();
    assertThat(segments(ONE)).isEmpty();
    assertThat(ledger().documentsOf(PRODUCTS)).isEmpty();
    assertThat(nearest(1, 0, 0)).isEmpty();
  }

  @Test
  default void thePastComesBackWithEverythingThatLateEventsNeed() throws Exception {
    DocumentState state = StoreFixtures.stateWithPast(ONE);
    store().commit(update(writing(ONE, state).segment("text", 1, 0, 0)));
    assertThat(stored(ONE).orElseThrow().state()).isEqualTo(state);
  }

  @Test
  default void aPastChangesAndTheDocumentStaysSearchable() throws Exception {
    store().commit(update(writing(ONE, 9).metadata("color", "red").segment("text", 1, 0, 0)));
    StoredDocument before = stored(ONE).orElseThrow();
    List<UUID> segmentsBefore = segments(ONE);
    DocumentState late = StoreFixtures.withPast(before.state());
    store().commit(pasts(new PastWrite(late, 1)));
    StoredDocument after = stored(ONE).orElseThrow();
    assertThat(after.state()).isEqualTo(late);
    assertThat(after.revision()).isEqualTo(2);
    assertThat(after.contentHash()).isEqualTo(before.contentHash());
    assertThat(after.metadataHash()).isEqualTo(before.metadataHash());
    assertThat(after.embeddedAt()).isEqualTo(NOW.plusMillis(15));
    assertThat(after.embedded()).isEqualTo(1);
    assertThat(segments(ONE)).isEqualTo(segmentsBefore).hasSize(1);
    assertThat(nearest(1, 0, 0)).hasSize(1);
  }

  @Test
  default void aPastThatIsNotTheExpectedOneIsNotReplaced() throws Exception {
    store().commit(update(writing(ONE, 9)));
    StoredDocument before = stored(ONE).orElseThrow();
    var late = new PastWrite(StoreFixtures.withPast(before.state()), 7);
    assertThatThrownBy(() -> store().commit(pasts(late)))
        .isInstanceOf(ConcurrentUpdateException.class);
    assertThat(stored(ONE)).contains(before);
  }

  @Test
  default void aPastCanBeFoundAndForgotten() throws Exception {
    store().commit(update(writing(ONE, 9).segment("one", 1, 0, 0), writing(TWO, 9)));
    store().commit(pastOf(ONE, StoreFixtures.withPast(stored(ONE).orElseThrow().state())));
    store().commit(pastOf(TWO, stored(TWO).orElseThrow().state().withoutPast()));
    StoredDocument one = stored(ONE).orElseThrow();

    assertThat(ledger().withPast(one.indexedAt(), 10)).isEmpty();
    assertThat(ledger().withPast(one.indexedAt().plusSeconds(1), 10)).containsExactly(one);
    store().commit(pastOf(ONE, one.state().withoutPast()));
    assertThat(ledger().withPast(one.indexedAt().plusSeconds(1), 10)).isEmpty();
    assertThat(nearest(1, 0, 0)).hasSize(1);
  }

  private static StoreUpdate pasts(PastWrite... writes) {
    return new StoreUpdate(LedgerUpdate.ofPasts(List.of(writes)), List.of());
  }

  private StoreUpdate pastOf(DocumentId id, DocumentState state) {
    long revision = stored(id).orElseThrow().revision();
    return pasts(new PastWrite(state, revision));
  }

  @Test
  default void onlyOldTombstonesAreForgotten() throws Exception {
    store().commit(update(writing(ONE, 1).deleted(), writing(TWO, 1).segment("text", 1, 0, 0)));
    Instant deletedAt = stored(ONE).orElseThrow().indexedAt();

    assertThat(ledger().forgetTombstones(deletedAt)).isZero();
    assertThat(stored(ONE)).isPresent();
    assertThat(ledger().forgetTombstones(deletedAt.plusSeconds(1))).isEqualTo(1);
    assertThat(stored(ONE)).isEmpty();
    assertThat(stored(TWO)).isPresent();
    assertThat(nearest(1, 0, 0)).hasSize(1);
    store().commit(update(writing(ONE, 1).segment("again", 1, 0, 0)));
  }

  @Test
  default void aWrongRevisionChangesNothingOfTheUpdate() throws Exception {
    store().commit(update(writing(ONE, 1).segment("old", 1, 0, 0)));
    for (long wrong : List.of(0L, 2L)) {
      refused(
          update(
              writing(TWO, 1).segment("two", 0, 1, 0),
              writing(ONE, 2).over(wrong).segment("new", 1, 0, 0)));
    }
    refused(update(writing(TWO, 1).over(1)));
    assertThat(stored(TWO)).isEmpty();
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(1));
    assertThat(nearest(1, 0, 0)).extracting(Hit::text).containsExactly("old");
  }

  @Test
  default void aKeptSegmentKeepsItsVectorWhileItsPlaceAndMetadataChange() throws Exception {
    store()
        .commit(
            update(
                writing(ONE, 1)
                    .metadata("v", 1)
                    .segment("kept", 1, 0, 0)
                    .segment("gone", 0, 1, 0)));
    store()
        .commit(
            update(writing(ONE, 2).over(1).metadata("v", 2).segment("new", 0, 0, 1).kept("kept")));
    assertThat(segments(ONE)).containsExactly(segmentId(ONE, "new"), segmentId(ONE, "kept"));
    List<Hit> hits = nearest(1, 0, 0);
    assertThat(hits).extracting(Hit::text).containsExactly("kept", "new");
    assertThat(hits.get(0).score()).isCloseTo(1, within(1e-5));
    assertThat(hits.get(0).ordinal()).isEqualTo(1);
    assertThat(metadata(ONE).toString()).isEqualTo("{\"v\":2}");
  }
}
