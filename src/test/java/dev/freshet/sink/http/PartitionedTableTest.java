package dev.freshet.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.document.TablePattern;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.hostile.GivenUp;
import dev.freshet.hostile.Intake;
import dev.freshet.support.CapturedLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A partitioned table, whose partitions Debezium captures as tables of their own. */
class PartitionedTableTest {

  private static final TableId PR = TableId.parse("public.pr");
  private static final TableMapping MAPPING =
      new TableMapping(PR, List.of("id"), new ContentTemplate("{title}"), null, Set.of());
  private static final TableMappings WITH_PARTITIONS =
      new TableMappings(Map.of(PR, MAPPING), Map.of(TablePattern.parse("pr_*", "public"), MAPPING));
  private static final TableMappings WITHOUT = new TableMappings(Map.of(PR, MAPPING));

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Intake intake(TableMappings mappings) {
    return new Intake(fixture.sink, fixture.ledger, mappings);
  }

  /** PostgreSQL writes a row's move as a delete and an insert of one transaction. */
  private static ChangeMessage event(String operation, String table, String row, long lsn) {
    boolean deletion = operation.equals("d");
    String body =
        """
        {"before":%s,"after":%s,"op":"%s","source":{"connector":"postgresql","name":"db",
         "db":"shop","schema":"public","table":"%s","txId":7,"lsn":%d,"snapshot":"false",
         "sequence":"[\\"400\\",\\"%d\\"]"}}
        """
            .formatted(
                deletion ? row : "null", deletion ? "null" : row, operation, table, lsn, lsn);
    return new ChangeMessage("public." + table, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<ChangeMessage> move() {
    return List.of(
        event("d", "pr_lo", "{\"id\":1,\"title\":null}", 520),
        event("c", "pr_hi", "{\"id\":1,\"title\":\"moved\"}", 530));
  }

  private String title() {
    DocumentId id = DocumentId.of(PR, "1");
    return fixture
        .ledger
        .read(Set.of(id), Set.of())
        .documents()
        .get(id)
        .state()
        .columns()
        .get("title")
        .value()
        .asText();
  }

  @Test
  void aRowThatMovesBetweenPartitionsStaysOneDocument() {
    try (var intake = intake(WITH_PARTITIONS)) {
      assertThat(intake.settle(List.of(event("c", "pr_lo", "{\"id\":1,\"title\":\"new\"}", 510))))
          .isEmpty();
      assertThat(intake.settle(move())).isEmpty();

      assertThat(title()).isEqualTo("moved");
      assertThat(fixture.ledger.documentsOf(PR)).hasSize(1);
      assertThat(intake.ignored().all()).isEmpty();
    }
  }

  @Test
  void theMoveMayArriveInAnyOrder() {
    try (var intake = intake(WITH_PARTITIONS)) {
      var reversed = new ArrayList<>(move());
      Collections.reverse(reversed);
      for (ChangeMessage message : reversed) {
        assertThat(intake.settle(List.of(message))).isEmpty();
      }
      assertThat(title()).isEqualTo("moved");
    }
  }

  @Test
  void theTruncationOfOnePartitionDeletesNothing() {
    try (var intake = intake(WITH_PARTITIONS)) {
      intake.settle(List.of(event("c", "pr_hi", "{\"id\":1,\"title\":\"kept\"}", 510)));

      List<GivenUp> letters = intake.settle(List.of(event("t", "pr_lo", "null", 600)));

      assertThat(letters).hasSize(1);
      assertThat(letters.get(0).rejection().reason())
          .isEqualTo(RejectionReason.PARTITION_TRUNCATED);
      assertThat(letters.get(0).rejection().detail()).contains("public.pr_lo", "public.pr");
      assertThat(title()).isEqualTo("kept");

      assertThat(intake.settle(List.of(event("t", "pr", "null", 610)))).isEmpty();
      assertThat(fixture.ledger.documentsOf(PR)).isEmpty();
    }
  }

  @Test
  void aPartitionWithoutAMappingIsToldOnce() {
    try (var log = CapturedLog.open();
        var intake = intake(WITHOUT)) {
      intake.settle(move());
      intake.settle(move());

      assertThat(intake.ignored().all())
          .extracting(one -> one.table() + " " + one.reason() + " " + one.partitionOf())
          .containsExactly(
              "public.pr_lo unmapped-table public.pr", "public.pr_hi unmapped-table public.pr");
      assertThat(intake.ignored().all()).extracting(one -> one.changes()).containsOnly(2L);
      assertThat(log.linesWith("Changes of public.pr_lo have no mapping")).hasSize(1);
    }
  }
}
