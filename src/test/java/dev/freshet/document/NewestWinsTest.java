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
import dev.freshet.document.Decision.Stale;
import dev.freshet.document.Decision.Unresolved;
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
  private static final DocumentId OLD_ID = DocumentId.of(TABLE, "0");
  private static final TableMapping MAPPING =
      new TableMapping(
          TABLE, List.of("id"), new ContentTemplate("{title} {body}"), Set.of(), Set.of());

  private static Position at(long lsn) {
    return new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn));
  }

  private static Origin origin(long lsn) {
    return new Origin(at(lsn), lsn, null, null, Instant.EPOCH);
  }

  private static Upsert upsert(long lsn, String title, String body) {
    return upsert(lsn, title, body, null);
  }

  /** A null body is one that the event leaves out. */
  private static Upsert upsert(long lsn, String title, String body, DocumentId oldId) {
    Map<String, JsonNode> values = new HashMap<>(Map.of("title", TextNode.valueOf(title)));
    if (body != null) {
      values.put("body", TextNode.valueOf(body));
    }
    var row = new Row(values, body == null ? Set.of("body") : Set.of());
    return new Upsert(ID, MAPPING, row, oldId, origin(lsn));
  }

  private static DocumentState state(Decision decision) {
    return ((Changed) decision).next();
  }

  private static DocumentState applied(Upsert upsert) {
    return state(NewestWins.upsert(upsert, null, null, null));
  }

  private static String value(DocumentState state, String column) {
    return state.columns().get(column).value().asText();
  }

  @Test
  void aNewerUpsertReplacesTheRow() {
    var next =
        state(NewestWins.upsert(upsert(2, "b", "B"), applied(upsert(1, "a", "A")), null, null));
    assertThat(value(next, "title")).isEqualTo("b");
    assertThat(next.position()).isEqualTo(at(2));
  }

  @Test
  void anOlderOrEqualUpsertIsStale() {
    var remembered = applied(upsert(2, "b", "B"));
    assertThat(NewestWins.upsert(upsert(1, "a", "A"), remembered, null, null))
        .isEqualTo(new Stale());
    assertThat(NewestWins.upsert(upsert(2, "b", "B"), remembered, null, null))
        .isEqualTo(new Stale());
  }

  @Test
  void aTombstoneKeepsALateUpdateOut() {
    var tombstone =
        state(
            NewestWins.delete(
                new Delete(ID, false, origin(5)), applied(upsert(1, "a", "A")), null));
    assertThat(tombstone.deleted()).isTrue();
    assertThat(tombstone.columns()).isEmpty();
    assertThat(NewestWins.upsert(upsert(4, "late", "L"), tombstone, null, null))
        .isEqualTo(new Stale());
    assertThat(NewestWins.upsert(upsert(6, "again", "A"), tombstone, null, null))
        .isInstanceOf(Changed.class);
  }

  @Test
  void aLateDeleteIsStale() {
    assertThat(
            NewestWins.delete(new Delete(ID, false, origin(1)), applied(upsert(2, "b", "B")), null))
        .isEqualTo(new Stale());
  }

  @Test
  void aTruncationKeepsEarlierChangesOut() {
    assertThat(NewestWins.upsert(upsert(4, "late", "L"), null, null, at(5))).isEqualTo(new Stale());
    assertThat(NewestWins.delete(new Delete(ID, false, origin(5)), null, at(5)))
        .isEqualTo(new Stale());
    assertThat(NewestWins.upsert(upsert(6, "new", "N"), null, null, at(5)))
        .isInstanceOf(Changed.class);
  }

  @Test
  void anUnavailableValueKeepsTheOldOneAndItsPosition() {
    var next =
        state(NewestWins.upsert(upsert(2, "b", null), applied(upsert(1, "a", "A")), null, null));
    assertThat(value(next, "title")).isEqualTo("b");
    assertThat(value(next, "body")).isEqualTo("A");
    assertThat(next.columns().get("body").position()).isEqualTo(at(1));
  }

  @Test
  void aChangeThatIsStaleForTheRowSuppliesAColumnThatItIsNewestFor() {
    var first = applied(upsert(1, "a", "A"));
    var third = state(NewestWins.upsert(upsert(3, "c", null), first, null, null));
    var late = state(NewestWins.upsert(upsert(2, "b", "B"), third, null, null));
    assertThat(value(late, "title")).isEqualTo("c");
    assertThat(value(late, "body")).isEqualTo("B");
    assertThat(late.position()).isEqualTo(at(3));
    assertThat(NewestWins.upsert(upsert(1, "a", "A"), late, null, null)).isEqualTo(new Stale());
  }

  @Test
  void anUnavailableValueThatNobodyRemembersIsUnresolved() {
    assertThat(NewestWins.upsert(upsert(2, "b", null), null, null, null))
        .isEqualTo(new Unresolved(Set.of("body")));
  }

  @Test
  void aDeletedRowsValuesAreNotTheNewRows() {
    var tombstone =
        state(
            NewestWins.delete(new Delete(ID, true, origin(5)), applied(upsert(1, "a", "A")), null));
    assertThat(NewestWins.upsert(upsert(6, "b", null), tombstone, null, null))
        .isEqualTo(new Unresolved(Set.of("body")));
  }

  @Test
  void afterAKeyChangeTheOldKeysTombstoneSuppliesTheValues() {
    var before =
        new DocumentState(OLD_ID, origin(1), false, applied(upsert(1, "a", "A")).columns());
    var tombstone = state(NewestWins.delete(new Delete(OLD_ID, true, origin(5)), before, null));
    var next = state(NewestWins.upsert(upsert(5, "b", null, OLD_ID), null, tombstone, null));
    assertThat(value(next, "body")).isEqualTo("A");
    assertThat(next.columns().get("body").position()).isEqualTo(at(5));
  }

  @Test
  void theKeyChangesUpsertMayArriveBeforeItsDelete() {
    var before =
        new DocumentState(OLD_ID, origin(1), false, applied(upsert(1, "a", "A")).columns());
    var next = state(NewestWins.upsert(upsert(5, "b", null, OLD_ID), null, before, null));
    assertThat(value(next, "body")).isEqualTo("A");
  }

  @Test
  void whatAnotherRowHadUnderTheNewKeySuppliesNothingToTheRowThatMovedThere() {
    var before =
        new DocumentState(OLD_ID, origin(1), false, applied(upsert(1, "a", "A")).columns());
    var moved = state(NewestWins.upsert(upsert(5, "b", null, OLD_ID), null, before, null));
    assertThat(NewestWins.upsert(upsert(3, "other", "OTHER"), moved, null, null))
        .isEqualTo(new Stale());
  }
}
