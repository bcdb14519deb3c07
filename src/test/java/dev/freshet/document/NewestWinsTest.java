package dev.freshet.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.Decision.Changed;
import dev.freshet.document.Decision.Contradicted;
import dev.freshet.document.Decision.Incomplete;
import dev.freshet.document.Decision.Stale;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Upsert;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewestWinsTest {

  private static final TableId TABLE = TableId.parse("public.docs");
  private static final DocumentId ID = DocumentId.of(TABLE, "1");
  private static final TableMapping MAPPING =
      new TableMapping(
          TABLE, List.of("id"), new ContentTemplate("{title} {body}"), Set.of(), Set.of());

  private static final Instant MOMENT = Instant.ofEpochSecond(100);

  private static Position at(long lsn) {
    return new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn));
  }

  private static Origin origin(long lsn) {
    return new Origin(at(lsn), lsn, null, null, Instant.EPOCH);
  }

  /** A null body is one that the event leaves out. */
  private static Upsert upsert(long lsn, String title, String body) {
    Map<String, JsonNode> values = new HashMap<>(Map.of("title", TextNode.valueOf(title)));
    if (body != null) {
      values.put("body", TextNode.valueOf(body));
    }
    var row = new Row(values, body == null ? Set.of("body") : Set.of());
    return new Upsert(ID, MAPPING, row, null, origin(lsn));
  }

  private final Map<DocumentId, DocumentState> states = new HashMap<>();
  private Position truncated;

  private final NewestWins rules =
      new NewestWins(
          new States() {
            @Override
            public DocumentState find(DocumentId id) {
              return NewestWins.unlessTruncated(states.get(id), truncated);
            }

            @Override
            public Position truncated(TableId table) {
              return truncated;
            }

            @Override
            public void remember(DocumentState state) {
              states.put(state.id(), state);
            }
          });

  private static Upsert row(String key, long lsn, String title, String body) {
    return moved(key, lsn, title, body, null);
  }

  private static Upsert moved(String key, long lsn, String title, String body, String oldKey) {
    Upsert made = upsert(lsn, title, body);
    DocumentId oldId = oldKey == null ? null : DocumentId.of(TABLE, oldKey);
    return new Upsert(DocumentId.of(TABLE, key), MAPPING, made.row(), oldId, made.origin());
  }

  private static Delete delete(String key, long lsn, boolean moved) {
    return new Delete(DocumentId.of(TABLE, key), moved, origin(lsn));
  }

  private DocumentState state(String key) {
    return states.get(DocumentId.of(TABLE, key));
  }

  private String body(String key) {
    return value(state(key), "body");
  }

  private static String value(DocumentState state, String column) {
    return state.columns().get(column).value().asText();
  }

  /** Every order of the changes ends in what the first one, that of the source, ends in. */
  private void assertTheSameInEveryOrder(DocumentChange... changes) {
    Map<DocumentId, Object> expected = applied(List.of(changes));
    for (List<DocumentChange> order : Permutations.of(List.of(changes))) {
      assertThat(applied(order)).as("%s", order).isEqualTo(expected);
    }
  }

  private Map<DocumentId, Object> applied(List<DocumentChange> changes) {
    states.clear();
    changes.forEach(this::apply);
    var rows = new HashMap<DocumentId, Object>();
    states.forEach(
        (id, state) -> {
          if (!state.deleted()) {
            var values = new HashMap<String, Object>();
            state.columns().forEach((name, column) -> values.put(name, column.value()));
            rows.put(id, values);
          }
        });
    return rows;
  }

  private Decision apply(DocumentChange change) {
    return change instanceof Upsert upsert ? rules.upsert(upsert) : rules.delete((Delete) change);
  }

  @Test
  void aNewerUpsertReplacesTheRow() {
    rules.upsert(row("1", 1, "a", "A"));
    assertThat(rules.upsert(row("1", 2, "b", "B"))).isEqualTo(new Changed());
    assertThat(value(state("1"), "title")).isEqualTo("b");
    assertThat(state("1").position()).isEqualTo(at(2));
  }

  @Test
  void anOlderOrEqualUpsertIsStale() {
    rules.upsert(row("1", 2, "b", "B"));
    assertThat(rules.upsert(row("1", 1, "a", "A"))).isEqualTo(new Stale());
    assertThat(rules.upsert(row("1", 2, "b", "B"))).isEqualTo(new Stale());
    assertThat(value(state("1"), "title")).isEqualTo("b");
  }

  /**
   * Debezium tells of a changed primary key by a delete and a create of one position; where the
   * configured key is another column, both are of one document.
   */
  @Test
  void aRowWhosePrimaryKeyChangesAndItsConfiguredKeyNotStays() {
    assertTheSameInEveryOrder(
        row("A-1", 1, "a", "A"), row("A-1", 5, "b", "B"), delete("A-1", 5, true));
    assertTheSameInEveryOrder(
        row("A-1", 1, "a", "A"), row("A-1", 5, "b", "B"), delete("A-1", 5, false));
    assertTheSameInEveryOrder(
        row("A-1", 1, "a", "A"), row("A-1", 5, "b", null), delete("A-1", 5, true));
    assertThat(body("A-1")).isEqualTo("A");
  }

  @Test
  void aTombstoneKeepsALateUpdateOut() {
    rules.upsert(row("1", 1, "a", "A"));
    assertThat(rules.delete(delete("1", 5, false))).isEqualTo(new Changed());
    assertThat(state("1").deleted()).isTrue();
    assertThat(state("1").columns()).isEmpty();
    assertThat(rules.upsert(row("1", 4, "late", "L"))).isEqualTo(new Stale());
    assertThat(state("1").deleted()).isTrue();
    assertThat(rules.upsert(row("1", 6, "again", "A"))).isEqualTo(new Changed());
  }

  @Test
  void aChangeOfASourceThatStartedItsLsnAgainIsNotSilentlyStale() {
    Upsert restarted = at(row("1", 5, "new", "N"), Instant.ofEpochSecond(900));
    rules.upsert(at(row("1", 70, "old", "O"), Instant.ofEpochSecond(100)));
    assertThat(rules.upsert(restarted)).isInstanceOf(Contradicted.class);
    states.clear();
    truncated = time(at(70), Instant.ofEpochSecond(100));
    assertThat(rules.upsert(restarted)).isInstanceOf(Contradicted.class);
    assertThat(states).isEmpty();
  }

  private static Position time(Position position, Instant time) {
    var wal = (WalPosition) position;
    return new WalPosition(0, wal.lastCommit(), false, wal.lsn(), time);
  }

  private static Upsert at(Upsert made, Instant time) {
    var origin = origin(made.origin().position(), time);
    return new Upsert(made.id(), made.mapping(), made.row(), made.movedFrom(), origin);
  }

  private static Origin origin(Position position, Instant time) {
    return new Origin(time(position, time), 1L, time, null, Instant.EPOCH);
  }

  @Test
  void aLateDeleteIsStale() {
    rules.upsert(row("1", 2, "b", "B"));
    assertThat(rules.delete(delete("1", 1, false))).isEqualTo(new Stale());
    assertThat(state("1").complete()).isTrue();
  }

  @Test
  void aTruncationKeepsEarlierChangesOut() {
    truncated = at(5);
    assertThat(rules.upsert(row("1", 4, "late", "L"))).isEqualTo(new Stale());
    assertThat(rules.delete(delete("1", 5, false))).isEqualTo(new Stale());
    assertThat(states).isEmpty();
    assertThat(rules.upsert(row("1", 6, "new", "N"))).isEqualTo(new Changed());
  }

  @Test
  void aValueFromBeforeATruncationIsAnotherRows() {
    rules.upsert(row("1", 4, "a", "A"));
    rules.upsert(row("1", 6, "b", null));
    truncated = at(5);
    assertThat(rules.upsert(row("1", 7, "c", null))).isEqualTo(new Incomplete(Set.of("body")));
  }

  @Test
  void aLeftOutValueIsThatOfTheVersionBefore() {
    rules.upsert(row("1", 1, "a", "A"));
    rules.upsert(row("1", 2, "b", null));
    assertThat(value(state("1"), "title")).isEqualTo("b");
    assertThat(body("1")).isEqualTo("A");
    assertThat(state("1").columns().get("body").position()).isEqualTo(at(1));
  }

  @Test
  void aChangeThatIsStaleForTheRowSuppliesAValueThatItIsNewestFor() {
    rules.upsert(row("1", 1, "a", "A"));
    rules.upsert(row("1", 3, "c", null));
    assertThat(rules.upsert(row("1", 2, "b", "B"))).isEqualTo(new Changed());
    assertThat(value(state("1"), "title")).isEqualTo("c");
    assertThat(body("1")).isEqualTo("B");
    assertThat(state("1").position()).isEqualTo(at(3));
    assertThat(rules.upsert(row("1", 1, "a", "A"))).isEqualTo(new Stale());
  }

  @Test
  void aLeftOutValueThatNobodyKnowsYetMakesTheDocumentIncomplete() {
    assertThat(rules.upsert(row("1", 2, "b", null))).isEqualTo(new Incomplete(Set.of("body")));
    assertThat(state("1").complete()).isFalse();
    assertThat(rules.upsert(row("1", 2, "b", null))).isEqualTo(new Incomplete(Set.of("body")));
    assertThat(rules.upsert(row("1", 1, "a", "A"))).isEqualTo(new Changed());
    assertThat(state("1").complete()).isTrue();
  }

  @Test
  void aDeletedRowsValuesAreNotTheNextRows() {
    rules.upsert(row("1", 1, "a", "A"));
    rules.delete(delete("1", 5, false));
    assertThat(rules.upsert(row("1", 7, "b", null))).isEqualTo(new Incomplete(Set.of("body")));
    assertThat(rules.upsert(row("1", 6, "b", "B"))).isEqualTo(new Changed());
    assertThat(body("1")).isEqualTo("B");
  }

  @Test
  void aLateDeleteTakesTheFormerRowsValuesAway() {
    rules.upsert(row("1", 1, "a", "A"));
    rules.upsert(row("1", 7, "b", null));
    assertThat(rules.delete(delete("1", 5, false))).isEqualTo(new Changed());
    assertThat(state("1").missing()).containsExactly("body");
  }

  @Test
  void aRowThatMovesTakesItsValuesAlong() {
    assertTheSameInEveryOrder(
        row("1", 1, "a", "A"),
        row("1", 2, "b", "B"),
        delete("1", 3, true),
        moved("2", 3, "c", null, "1"));
    assertThat(body("2")).isEqualTo("B");
    assertThat(state("2").columns().get("body").position()).isEqualTo(at(3));
    assertThat(state("1").deleted()).isTrue();
  }

  /** The time tells whether a source has started its LSN again, and nothing of the order. */
  @Test
  void aRowThatMovesTakesItsValuesAlongWhereTheTwoEventsTellAnotherTime() {
    var departure = new Delete(DocumentId.of(TABLE, "1"), true, origin(at(3), MOMENT));
    Upsert arrival = at(moved("2", 3, "c", null, "1"), MOMENT.plusMillis(1));
    assertTheSameInEveryOrder(row("1", 1, "a", "A"), departure, arrival);
    assertThat(body("2")).isEqualTo("A");
    states.clear();
    rules.delete(departure);
    rules.upsert(arrival);
    assertThat(rules.upsert(at(arrival, MOMENT))).isEqualTo(new Incomplete(Set.of("body")));
  }

  @Test
  void aRowThatMovesTwiceTakesItsValuesAlong() {
    assertTheSameInEveryOrder(
        row("1", 1, "a", "A"),
        row("1", 2, "b", "B"),
        moved("2", 3, "c", null, "1"),
        row("2", 4, "d", null),
        moved("3", 5, "e", null, "2"));
    assertThat(body("3")).isEqualTo("B");
  }

  @Test
  void anotherRowUnderTheOldKeyChangesNothingOfTheOneThatMoved() {
    assertTheSameInEveryOrder(
        row("1", 1, "a", "A"),
        delete("1", 3, true),
        moved("2", 3, "c", null, "1"),
        row("1", 4, "x", "X"),
        row("1", 5, "y", null));
    assertThat(body("2")).isEqualTo("A");
    assertThat(body("1")).isEqualTo("X");
  }

  @Test
  void anotherRowThatWasUnderTheNewKeyChangesNothingOfTheOneThatMovesThere() {
    assertTheSameInEveryOrder(
        row("2", 1, "x", "X"),
        row("1", 2, "a", "A"),
        delete("2", 3, false),
        moved("2", 4, "c", null, "1"),
        row("2", 5, "d", null));
    assertThat(body("2")).isEqualTo("A");
  }

  @Test
  void aKeyThatWasAbandonedTwiceHandsEachRowItsOwnValues() {
    assertTheSameInEveryOrder(
        row("1", 1, "a", "A"),
        moved("2", 2, "a", null, "1"),
        row("1", 3, "b", "B"),
        moved("3", 4, "b", null, "1"),
        row("3", 5, "c", null));
    assertThat(body("2")).isEqualTo("A");
    assertThat(body("3")).isEqualTo("B");
  }

  @Test
  void aRowThatComesBackToAKeyTakesItsValuesAlongAllTheWay() {
    assertTheSameInEveryOrder(
        row("1", 1, "a", "A"),
        row("1", 2, "b", "B"),
        moved("2", 3, "c", null, "1"),
        moved("1", 4, "d", null, "2"),
        moved("3", 5, "e", null, "1"));
    assertThat(body("3")).isEqualTo("B");
  }

  @Test
  void keyChangesThatLeadInACircleComeToAnEnd() {
    rules.upsert(moved("1", 5, "a", null, "1"));
    rules.upsert(moved("2", 6, "b", null, "1"));
    rules.upsert(moved("1", 6, "c", null, "2"));
    rules.upsert(row("1", 1, "z", "Z"));
    assertThat(states).isNotEmpty();
  }

  @Test
  void noMoreThanAFewLargeValuesAreRemembered() {
    String large = "x".repeat(100_000);
    for (int lsn = 1; lsn <= 9; lsn++) {
      rules.upsert(row("1", lsn, "a", lsn % 3 == 0 ? large + lsn : null));
    }
    long remembered =
        state("1").past().versions().stream()
            .flatMap(version -> version.columns().values().stream())
            .map(column -> column.value().asText())
            .distinct()
            .mapToLong(String::length)
            .sum();
    assertThat(remembered).isBetween(100_000L, 256L * 1024);
    rules.upsert(row("1", 10, "a", "y".repeat(300_000)));
    rules.upsert(row("1", 11, "a", null));
    assertThat(state("1").past().versions()).isEmpty();
    assertThat(state("1").complete()).isTrue();
  }

  @Test
  void whatIsTooOldToBeRememberedSuppliesOnlyWhatIsMissing() {
    for (int lsn = 100; lsn < 200; lsn++) {
      rules.upsert(row("1", lsn, "a", null));
    }
    assertThat(rules.upsert(row("1", 50, "z", "Z"))).isEqualTo(new Changed());
    assertThat(body("1")).isEqualTo("Z");
    assertThat(rules.upsert(row("1", 40, "y", "Y"))).isEqualTo(new Stale());
    assertThat(rules.upsert(row("1", 60, "x", "X"))).isEqualTo(new Changed());
    assertThat(body("1")).isEqualTo("X");
    assertThat(state("1").past().versions()).hasSizeLessThan(40);
  }
}
