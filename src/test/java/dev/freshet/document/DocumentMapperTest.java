package dev.freshet.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.changeevent.FormerKey;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.support.Corpus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DocumentMapperTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final TableId LINES = TableId.parse("public.order_lines");
  private static final DocumentMapper DEFAULT = new DocumentMapper(new TableMappings(Map.of()));

  private static MappingResult map(DocumentMapper mapper, String entry) {
    var decoder = new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE);
    return mapper.map(decoder.decode(Corpus.entry(entry).message(), Instant.EPOCH));
  }

  private static DocumentMapper mapper(TableMapping mapping) {
    return new DocumentMapper(new TableMappings(Map.of(mapping.table(), mapping)));
  }

  private static TableMapping mapping(
      TableId table,
      List<String> key,
      String template,
      Set<String> metadata,
      Set<String> excluded) {
    return new TableMapping(table, key, new ContentTemplate(template), metadata, excluded);
  }

  private static Upsert upsert(DocumentMapper mapper, String entry) {
    return (Upsert) ((Mapped) map(mapper, entry)).change();
  }

  private static RenderedDocument render(Upsert upsert) {
    return upsert.mapping().render(upsert.row().values());
  }

  @Test
  void withoutConfigurationARowMapsAsTheFormerConsumerDid() {
    Upsert upsert = upsert(DEFAULT, "plain/006-insert-c-public.products.json");
    assertThat(upsert.id()).hasToString("public.products/3");
    RenderedDocument document = render(upsert);
    assertThat(document.content()).isEqualTo("Title: Widget\n\nA widget");
    assertThat(document.metadata().fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "title",
            "description",
            "category",
            "price",
            "attributes",
            "tags",
            "in_stock",
            "updated_at");
  }

  @Test
  void nullLeavesItsPlaceEmpty() {
    Upsert upsert = upsert(DEFAULT, "plain/010-all-null-c-public.products.json");
    assertThat(render(upsert).content()).isEqualTo("Title:");
  }

  @Test
  void aTableWithoutTitleAndDescriptionIsNotMappedByDefault() {
    assertThat(map(DEFAULT, "plain/026-composite-insert-c-public.order_lines.json"))
        .isEqualTo(new Ignored(Ignored.Reason.LACKS_COLUMNS, LINES));
  }

  @Test
  void onceATableIsConfiguredTheOthersAreNotMapped() {
    var mapper = mapper(mapping(LINES, List.of("order_id", "line_no"), "{note}", null, Set.of()));
    assertThat(map(mapper, "plain/006-insert-c-public.products.json"))
        .isEqualTo(new Ignored(Ignored.Reason.UNMAPPED_TABLE, PRODUCTS));
    assertThat(upsert(mapper, "plain/027-composite-insert-c-public.order_lines.json").id())
        .hasToString("public.order_lines/9223372036854775807,1");
  }

  @Test
  void onlyTheChosenColumnsBecomeMetadataAndExcludedOnesGoNowhere() {
    var chosen = mapper(mapping(PRODUCTS, List.of("id"), "{title}", Set.of("category"), Set.of()));
    Upsert upsert = upsert(chosen, "plain/006-insert-c-public.products.json");
    assertThat(upsert.row().values()).containsOnlyKeys("title", "category");
    assertThat(render(upsert).metadata().fieldNames()).toIterable().containsExactly("category");

    var excluding =
        mapper(mapping(PRODUCTS, List.of("id"), "{title}", null, Set.of("description")));
    assertThat(
            upsert(excluding, "plain/006-insert-c-public.products.json").row().has("description"))
        .isFalse();
  }

  @Test
  void anExcludedColumnCannotBeUsed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mapping(PRODUCTS, List.of("id"), "{title}", null, Set.of("title")))
        .withMessageContaining("'title'");
  }

  @Test
  void aTemplateThatNamesAMissingColumnRejectsTheRow() {
    var mapper = mapper(mapping(PRODUCTS, List.of("id"), "{headline}", null, Set.of()));
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> map(mapper, "plain/006-insert-c-public.products.json"))
        .withMessageContaining("'headline'")
        .withMessageContaining("freshet.tables.public.products.content")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectionReason.MISSING_COLUMN));
  }

  @Test
  void aMissingKeyRejectsTheRow() {
    var mapper =
        mapper(mapping(TableId.parse("public.notes"), List.of("id"), "{body}", null, Set.of()));
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> map(mapper, "plain/035-nopk-insert-c-public.notes.json"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectionReason.MISSING_KEY));
  }

  @Test
  void aKeyChangeIsADeleteAndAnUpsertThatKnowsTheOldKey() {
    var delete =
        (Delete) ((Mapped) map(DEFAULT, "plain/015-pk-change-d-public.products.json")).change();
    assertThat(delete.id()).hasToString("public.products/6");
    assertThat(delete.moved()).isTrue();
    Upsert upsert = upsert(DEFAULT, "plain/017-pk-change-c-public.products.json");
    assertThat(upsert.id()).hasToString("public.products/5000");
    assertThat(upsert.movedFrom()).isEqualTo(delete.id());
  }

  @Test
  void anOldKeyThatIsTheNewOneIsNoKeyChange() {
    var id = new Row(Map.of("id", IntNode.valueOf(6)), Set.of());
    Map<String, JsonNode> values =
        Map.of("id", IntNode.valueOf(6), "title", TextNode.valueOf("the same"));
    var origin = new Origin(Position.parse("A0000000000000001"), null, null, null, Instant.EPOCH);
    var event = new RowUpserted(PRODUCTS, new Row(values, Set.of()), id, FormerKey.TOLD, origin);
    assertThat(((Upsert) ((Mapped) DEFAULT.map(event)).change()).movedFrom()).isNull();
  }

  @Test
  void aTruncateConcernsTheTable() {
    var truncate =
        (Truncate)
            ((Mapped) map(DEFAULT, "plain/055-truncate-one-t-public.products.json")).change();
    assertThat(truncate.table()).isEqualTo(PRODUCTS);
  }

  @Test
  void aDeleteWithTheKeyAloneIsMappedByDefault() {
    Origin origin =
        new Origin(Position.parse("A0000000000000001"), null, null, null, Instant.EPOCH);
    Row key = Row.of(Map.of("id", IntNode.valueOf(42)));
    var result = DEFAULT.map(new ChangeEvent.RowDeleted(PRODUCTS, key, false, origin));
    assertThat(((Delete) ((Mapped) result).change()).id()).hasToString("public.products/42");
  }
}
