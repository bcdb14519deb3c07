package dev.freshet.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.support.FreshetServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As a test of an application that writes to the database would have it. */
class FreshetClientIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private FreshetServer server;
  private FreshetClient freshet;

  @BeforeEach
  void start() {
    server =
        FreshetServer.start(
            Map.of(
                "freshet.feed", "memory",
                "freshet.sink", "lucene",
                "freshet.data-dir", folder.toString(),
                "freshet.tables.public.products.content", "{title}: {description}",
                "rabbitmq.enabled", false));
    freshet = FreshetClient.of(server.url());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Stands for the application's insert, and for Debezium. */
  private void commit(int id, String columns, long txId, long lsn) throws Exception {
    String event =
        """
        {"op":"c","after":{"id":%d,%s},"source":{"schema":"public","table":"products",
         "txId":%d,"lsn":%d,"sequence":"[\\"%d\\",\\"%d\\"]"}}"""
            .formatted(id, columns, txId, lsn, lsn - 8, lsn);
    server
        .bean(ChangePublisher.class)
        .publish(
            new ChangeMessage("public.products", Map.of(), event.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aProductIsFoundOnceItsCommitIsSearchable() throws Exception {
    commit(7, "\"title\":\"Two-person tent\",\"description\":\"Light.\"", 742, 0x1000);

    freshet.awaitLsn("0/1000", PATIENCE);

    assertThat(freshet.search("a tent for two persons", 1).hits())
        .singleElement()
        .satisfies(hit -> assertThat(hit.key()).isEqualTo("7"));
    assertThat(freshet.search("q=tent&mode=keyword&minLsn=0/1000").freshness().asOfLsn())
        .isEqualTo("0/1000");
  }

  @Test
  void aProductIsFoundOnceItsTransactionIsSearchable() throws Exception {
    commit(8, "\"title\":\"Camp stove\",\"description\":\"Hot.\"", 743, 0x2000);

    assertThat(freshet.awaitDocument("public.products", "8", "743", PATIENCE).txId())
        .isEqualTo(743);
    assertThat(freshet.awaitDocument("public.products", "8", PATIENCE).state())
        .isEqualTo("indexed");
    assertThat(freshet.search("camp stove", 1).hits().get(0).documentId())
        .isEqualTo("public.products/8");
  }

  @Test
  void aProductThatCannotBeIndexedFailsTheTestAtOnce() throws Exception {
    commit(9, "\"price\":3", 744, 0x3000);

    assertThatThrownBy(() -> freshet.awaitDocument("public.products", "9", "744", PATIENCE))
        .isInstanceOf(NotReachedException.class)
        .hasMessageContaining("dead-lettered")
        .hasMessageContaining("names the column");
  }
}
