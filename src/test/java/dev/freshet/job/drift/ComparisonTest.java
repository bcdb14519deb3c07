package dev.freshet.job.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Fingerprint;
import dev.freshet.document.RenderedDocument;
import dev.freshet.document.Rendering;
import dev.freshet.document.TableMapping;
import dev.freshet.job.drift.Comparison.Finding;
import dev.freshet.ledger.StoredDocument;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final TableId TABLE = new TableId("public", "days");
  private static final DocumentId ID = DocumentId.of(TABLE, "1");
  private static final Origin ORIGIN =
      new Origin(new WalPosition(0, new Lsn(1), false, new Lsn(2)), 7L, null, null, Instant.EPOCH);
  private static final TableMapping MAPPING = mapping("{title}");
  private static final Map<String, JsonNode> ROW =
      Map.of("title", TextNode.valueOf("A lamp"), "made", TextNode.valueOf("1970-01-02"));

  private final Comparison comparison = new Comparison(document -> false);

  private static TableMapping mapping(String template) {
    return new TableMapping(TABLE, List.of("id"), new ContentTemplate(template), null, Set.of());
  }

  private static Upsert row(Map<String, JsonNode> values) {
    return new Upsert(ID, MAPPING, Row.of(values), null, ORIGIN);
  }

  private static StoredDocument stored(TableMapping mapping, Map<String, JsonNode> values) {
    var columns = new LinkedHashMap<String, ColumnVersion>();
    values.forEach((name, value) -> columns.put(name, new ColumnVersion(value, ORIGIN.position())));
    RenderedDocument rendered = mapping.render(values);
    return new StoredDocument(
        DocumentState.present(ID, ORIGIN, columns),
        1,
        Fingerprint.of(rendered.content()),
        Fingerprint.of(rendered.metadata()),
        Rendering.UNKNOWN,
        Instant.EPOCH,
        null,
        null);
  }

  @Test
  void whatThePresentMappingMakesOfTheRowIsTheSame() {
    assertThat(comparison.compare(row(ROW), stored(MAPPING, ROW), true)).isEqualTo(Finding.SAME);
  }

  @Test
  void aDocumentThatIsNotThereOrIsDeletedIsMissing() {
    var deleted = DocumentState.deleted(ID, ORIGIN);
    assertThat(comparison.compare(row(ROW), null, true)).isEqualTo(Finding.MISSING);
    assertThat(
            comparison.compare(
                row(ROW),
                new StoredDocument(
                    deleted, 2, "", "", Rendering.UNKNOWN, Instant.EPOCH, null, null),
                true))
        .isEqualTo(Finding.MISSING);
  }

  @Test
  void anotherValueIsDifferent() {
    Map<String, JsonNode> other =
        Map.of("title", TextNode.valueOf("A pot"), "made", TextNode.valueOf("1970-01-02"));
    assertThat(comparison.compare(row(ROW), stored(MAPPING, other), true))
        .isEqualTo(Finding.DIFFERENT);
  }

  @Test
  void aFormerMappingAndAnotherFormOfAValueAreNoDrift() {
    Map<String, JsonNode> days =
        Map.of("title", TextNode.valueOf("A lamp"), "made", IntNode.valueOf(1));
    assertThat(comparison.compare(row(ROW), stored(mapping("Title: {title}"), ROW), true))
        .isEqualTo(Finding.SAME_VALUES);
    assertThat(comparison.compare(row(ROW), stored(MAPPING, days), true))
        .isEqualTo(Finding.SAME_VALUES);
  }

  @Test
  void otherHashesOfTheSameColumnsAreDifferentWhereThePresentMappingMadeThem() {
    assertThat(
            new Comparison(document -> true)
                .compare(row(ROW), stored(mapping("Title: {title}"), ROW), true))
        .isEqualTo(Finding.DIFFERENT);
  }

  @Test
  void columnsThatOneSideLacksAreNoDrift() {
    Map<String, JsonNode> fewer = Map.of("title", TextNode.valueOf("A lamp"));
    assertThat(comparison.compare(row(ROW), stored(MAPPING, fewer), true))
        .isEqualTo(Finding.OTHER_COLUMNS);
  }

  @Test
  void aDocumentWithATextAndWithoutSegmentsCannotBeFound() {
    Map<String, JsonNode> blank =
        Map.of("title", TextNode.valueOf(" - "), "made", TextNode.valueOf("1970-01-02"));
    assertThat(comparison.compare(row(ROW), stored(MAPPING, ROW), false))
        .isEqualTo(Finding.UNSEARCHABLE);
    assertThat(comparison.compare(row(blank), stored(MAPPING, blank), false))
        .isEqualTo(Finding.SAME);
  }
}
