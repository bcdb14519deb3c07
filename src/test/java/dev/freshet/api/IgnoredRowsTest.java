package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.client.AwaitCommand;
import dev.freshet.freshness.IndexingProgress;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@MicronautTest(environments = "fakes", transactional = false)
@Property(name = "freshet.tables.public.pr.key", value = "id")
@Property(name = "freshet.tables.public.log.partitions", value = "log_*")
class IgnoredRowsTest {

  @Inject EmbeddedServer server;
  @Inject IndexingProgress progress;

  private JsonNode document(String path) {
    return new Calls(server).get("/documents/" + path).body();
  }

  @Test
  void aRowOfATableWithoutAMappingIsIgnoredWithTheReason() {
    JsonNode document = document("public.orders/1");
    assertThat(document.path("state").asText()).isEqualTo("ignored");
    assertThat(document.path("reason").asText())
        .contains("public.orders has no mapping", "freshet.tables.public.orders");

    JsonNode explanation = document("public.orders/1/explain?q=x");
    assertThat(explanation.path("verdict").asText()).isEqualTo("ignored");
    assertThat(explanation.path("state").asText()).isEqualTo("ignored");
    assertThat(explanation.path("reason").asText()).contains("has no mapping");
  }

  /** Its transaction changes no document, so that the wait would last until it times out. */
  @Test
  void aTransactionIsNotWaitedForWhereTheTableHasNoMapping() {
    var answer = new Calls(server).get("/documents/public.orders/1?txId=742&timeout=20s");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("state").asText()).isEqualTo("ignored");
    assertThat(new Calls(server).get("/documents/public.pr/1?txId=742&timeout=1ms").status())
        .isEqualTo(504);
    assertThat(
            new Calls(server)
                .get("/documents/public.orders/1?txId=742&minLsn=0/FFFFFFFF&timeout=1ms")
                .status())
        .isEqualTo(504);
  }

  @Test
  void theCommandAwaitEndsAtOnceWhereTheTableHasNoMapping() {
    for (String transaction : List.of("", "--tx=742")) {
      var out = new StringWriter();
      var arguments =
          Stream.of(
                  "--url=" + server.getURL(),
                  "--table=public.orders",
                  "--key=1",
                  "--timeout=60s",
                  transaction)
              .filter(argument -> !argument.isEmpty())
              .toArray(String[]::new);
      int code =
          assertTimeout(
              Duration.ofSeconds(20),
              () ->
                  new CommandLine(new AwaitCommand())
                      .setOut(new PrintWriter(out))
                      .execute(arguments));
      assertThat(code).isEqualTo(1);
      assertThat(out.toString()).startsWith("failed: The table public.orders has no mapping");
    }
  }

  @Test
  void whatSeemsToBeAPartitionIsToldWithTheWayOut() {
    Instant now = Instant.parse("2026-11-27T10:00:00Z");
    progress
        .ignored()
        .add(TableId.parse("public.pr_lo"), "unmapped-table", TableId.parse("public.pr"), now);

    assertThat(document("public.pr_lo/1").path("reason").asText())
        .contains("freshet.tables.public.pr.partitions", "1 of its changes", now.toString());
    JsonNode tables = new Calls(server).get("/freshness").body().path("ignoredTables");
    assertThat(tables.at("/0/table").asText()).isEqualTo("public.pr_lo");
    assertThat(tables.at("/0/partitionOf").asText()).isEqualTo("public.pr");
    assertThat(tables.at("/0/changes").asLong()).isEqualTo(1);
    assertThat(new Calls(server).get("/prometheus").text()).contains("freshet_ignored_tables 1");
  }

  @Test
  void aMappedTableAndItsPartitionsAreNotIgnored() {
    assertThat(document("public.pr/1").path("state").asText()).isEqualTo("unknown");
    JsonNode ofPartition = document("public.log_2024/1");
    assertThat(ofPartition.path("state").asText()).isEqualTo("unknown");
    assertThat(ofPartition.path("documentId").asText()).isEqualTo("public.log/1");
  }
}
