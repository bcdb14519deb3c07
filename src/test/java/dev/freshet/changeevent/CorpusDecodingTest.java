package dev.freshet.changeevent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.changeevent.ChangeEvent.Marker;
import dev.freshet.changeevent.ChangeEvent.RowDeleted;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEvent.TableTruncated;
import dev.freshet.changeevent.ChangeEvent.Tombstone;
import dev.freshet.support.Corpus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every captured message against what the corpus's README and its file name say of it. */
class CorpusDecodingTest {

  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  private static final Pattern FILE =
      Pattern.compile(
          "\\d+-.*?-(r|c|u|d|t|m|tombstone|empty|json|flat(?:_[rcud])?|ce_[rcudt]|BEGIN|END|heartbeat)"
              + "-([^-]*|__debezium-heartbeat\\.db)\\.json");

  private static final Pattern FACTS =
      Pattern.compile("op=(\\w) snapshot=\\S+ tx=(\\S+) lsn=(\\S+) seq=\\[([^,]*),\"(\\d+)\"]");

  private static final Pattern CLOUD_EVENT_ID =
      Pattern.compile("lsn:(\\d+);txId:(\\d+);sequence:\\[(.*),\"(\\d+)\"]");

  private final ChangeEventDecoder decoder =
      new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE);

  static List<Corpus.Entry> corpus() {
    return Corpus.entries();
  }

  @Test
  void everyFileOfTheCorpusIsDescribed() {
    assertThat(Corpus.entries()).hasSize(526);
    assertThat(Corpus.files()).isEqualTo(526);
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void everyFileDecodesToWhatItSays(Corpus.Entry entry) throws IOException {
    var file = FILE.matcher(entry.name().substring(entry.folder().length() + 1));
    assertThat(file.matches()).as(entry.name()).isTrue();
    String form = file.group(1);
    ChangeEvent event = decoder.decode(entry.message(), NOW);
    switch (form) {
      case "tombstone", "empty", "json" -> assertThat(event).isEqualTo(new Tombstone());
      case "BEGIN", "END" -> assertThat(event).isEqualTo(new Marker(Marker.Kind.TRANSACTION));
      case "heartbeat" -> assertThat(event).isEqualTo(new Marker(Marker.Kind.HEARTBEAT));
      case "m" -> assertThat(event).isEqualTo(new Marker(Marker.Kind.LOGICAL_MESSAGE));
      default -> rowEvent(entry, form, event);
    }
  }

  private static void rowEvent(Corpus.Entry entry, String form, ChangeEvent event)
      throws IOException {
    String operation = form.contains("_") ? form.substring(form.indexOf('_') + 1) : form;
    JsonNode payload = payload(entry);
    Origin origin =
        switch (operation) {
          case "d" -> deleted(entry, payload, (RowDeleted) event);
          case "t" -> ((TableTruncated) event).origin();
          default -> upserted(entry, payload, (RowUpserted) event);
        };
    assertThat(origin.receivedAt()).isEqualTo(NOW);
    assertThat(table(event)).isEqualTo(table(entry));
    position(entry, operation, payload, origin);
  }

  private static TableId table(ChangeEvent event) {
    return event instanceof RowUpserted upserted
        ? upserted.table()
        : event instanceof RowDeleted deleted ? deleted.table() : ((TableTruncated) event).table();
  }

  /** The file's name ends with the routing key, which for one folder only is empty. */
  private static TableId table(Corpus.Entry entry) {
    String name = entry.name().replaceAll(".*-([^-]*)\\.json", "$1").replaceFirst("^db\\.", "");
    if (!name.isEmpty()) {
      return TableId.parse(name);
    }
    return TableId.parse(entry.says().contains("types") ? "public.types_zoo" : "public.products");
  }

  private static Origin upserted(Corpus.Entry entry, JsonNode payload, RowUpserted event) {
    JsonNode after = row(entry, payload, "after");
    after
        .fieldNames()
        .forEachRemaining(
            column -> {
              if (!column.startsWith("__")) {
                assertThat(event.row().has(column)).as(column).isTrue();
              }
            });
    assertThat(event.row().values().keySet()).noneMatch(column -> column.startsWith("__"));
    assertThat(event.row().values().values())
        .noneMatch(value -> value.toString().contains("__debezium_unavailable_value"));
    if (entry.says().contains("__debezium_unavailable_value")) {
      assertThat(event.row().unavailable()).isNotEmpty();
    } else {
      assertThat(event.row().unavailable()).isEmpty();
    }
    boolean moved = entry.message().headers().containsKey("__debezium.oldkey");
    // An update that tells the row before may have moved it too; the mapping compares the keys.
    boolean tellsBefore =
        payload.path("op").asText().equals("u") && payload.path("before").isObject();
    assertThat(event.movedFrom() != null).isEqualTo(moved || tellsBefore);
    return event.origin();
  }

  private static Origin deleted(Corpus.Entry entry, JsonNode payload, RowDeleted event) {
    assertThat(event.before().values()).isNotEmpty();
    assertThat(event.moved()).isEqualTo(entry.message().headers().containsKey("__debezium.newkey"));
    assertThat(event.before().has(row(entry, payload, "before").fieldNames().next())).isTrue();
    return event.origin();
  }

  private static JsonNode payload(Corpus.Entry entry) throws IOException {
    JsonNode root = new ObjectMapper().readTree(entry.body());
    return root.has("payload") && root.has("schema") ? root.path("payload") : root;
  }

  private static JsonNode row(Corpus.Entry entry, JsonNode payload, String part) {
    if (entry.folder().startsWith("unwrap")) {
      return payload;
    }
    if (payload.has("data")) {
      JsonNode data = payload.path("data");
      return (data.has("payload") ? data.path("payload") : data).path(part);
    }
    return payload.path(part);
  }

  private static void position(
      Corpus.Entry entry, String operation, JsonNode payload, Origin origin) {
    var facts = FACTS.matcher(entry.says());
    if (facts.find()) {
      assertThat(facts.group(1)).isEqualTo(operation);
      assertThat(String.valueOf(origin.txId())).isEqualTo(facts.group(2).replace("None", "null"));
      position(facts.group(4), facts.group(5), operation, origin);
      assertThat(origin.capturedAt()).isNotNull();
      assertThat(origin.committedAt()).isNotNull();
    } else if (payload.has("specversion")) {
      var id = CLOUD_EVENT_ID.matcher(payload.path("id").asText());
      assertThat(id.find()).isTrue();
      assertThat(origin.txId()).isEqualTo(Long.valueOf(id.group(2)));
      position(id.group(3), id.group(4), operation, origin);
    } else if (payload.has("__lsn")) {
      assertThat(origin.lsn()).contains(new Lsn(payload.path("__lsn").asLong()));
      assertThat(origin.txId()).isEqualTo(payload.path("__source_txId").asLong());
    } else {
      assertThat(entry.folder()).isEqualTo("unwrap-drop");
      assertThat(origin.position()).isEqualTo(ArrivalPosition.at(NOW));
    }
  }

  private static void position(String lastCommit, String lsn, String operation, Origin origin) {
    Lsn floor = lastCommit.equals("null") ? null : Lsn.parse(lastCommit.replace("\"", ""));
    assertThat(origin.position())
        .isEqualTo(
            new WalPosition(0, floor, operation.equals("r"), Lsn.parse(lsn), origin.committedAt()));
  }
}
