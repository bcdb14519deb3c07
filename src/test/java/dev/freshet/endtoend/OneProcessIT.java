package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.support.FreshetServer;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One process beside one PostgreSQL: the source's log is read without a broker. */
class OneProcessIT extends ServedSource {

  @Override
  String[] tables() {
    return new String[] {
      "CREATE TABLE products (id int PRIMARY KEY, title text, description text)",
      "CREATE TABLE audit (note text)",
      "INSERT INTO products VALUES (1, 'Old lamp', 'There before the capture')"
    };
  }

  @Override
  void start(Map<String, Object> more, Object... beans) {
    var properties =
        new HashMap<String, Object>(Map.of("freshet.tables.public.products.key", "id"));
    properties.putAll(more);
    super.start(properties, beans);
  }

  private void awaitReading() {
    patiently()
        .untilAsserted(
            () -> {
              var status = server.bean(ChangeFeed.class).status();
              assertThat(status.connected()).as(status.description()).isTrue();
            });
  }

  private String value(String query) throws SQLException {
    try (var connection = source.connect();
        var rows = connection.createStatement().executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private FreshetServer.Answer searchAfter(String lsn, String query) {
    return server.get(
        "/search?q="
            + FreshetServer.encode(query)
            + "&minLsn="
            + FreshetServer.encode(lsn)
            + "&timeout=20s");
  }

  private String tip() throws SQLException {
    return value("SELECT pg_current_wal_lsn()");
  }

  @Test
  void rowsThatAreThereAndChangesThatComeAreSearchable() throws Exception {
    start(Map.of());
    awaitState(1, "indexed");

    source.execute(
        "INSERT INTO products VALUES (2, 'Wool blanket', 'Something warm for cold nights')",
        "INSERT INTO audit VALUES ('not captured')",
        "UPDATE products SET description = 'A lamp of brass' WHERE id = 1");
    var answer = searchAfter(tip(), "something warm");

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("hits").path(0).toString()).contains("Wool blanket");
    assertThat(answer.json().path("freshness").path("exact").asBoolean()).isTrue();

    source.execute("DELETE FROM products WHERE id = 2");
    answer = searchAfter(tip(), "something warm");
    assertThat(answer.body()).doesNotContain("Wool blanket");

    source.execute("TRUNCATE products");
    answer = searchAfter(tip(), "brass lamp");
    assertThat(answer.json().path("hits")).isEmpty();
  }

  /** As before and after a failover: one of the servers is not there. */
  @Test
  void ofSeveralServersTheOneThatIsThereIsRead() throws Exception {
    String server = source.address().getHost() + ":" + source.address().getPort();
    start(
        Map.of(
            "freshet.source.url",
            source.jdbcUrl().replace(server, "127.0.0.1:1," + server)
                + "&targetServerType=primary"));
    awaitState(1, "indexed");
    source.execute("INSERT INTO products VALUES (2, 'Wool blanket', 'Something warm')");
    assertThat(searchAfter(tip(), "something warm").body()).contains("Wool blanket");
  }

  @Test
  void valuesKeepTheirTypes() throws Exception {
    source.execute(
        "CREATE TABLE parcels (id int PRIMARY KEY, title text, price numeric(8, 2), sent date, at"
            + " timestamptz, weight real, tags text[])",
        "INSERT INTO parcels VALUES (1, 'Parcel', 19.90, '2026-02-03', '2026-02-03T04:05:06Z', 1.5,"
            + " '{a,b}')");
    start(
        Map.of(
            "freshet.tables.public.products.key",
            "id",
            "freshet.tables.public.parcels.key",
            "id",
            "freshet.tables.public.parcels.content",
            "{title}",
            "freshet.tables.public.parcels.metadata",
            "price,sent,at,weight,tags"));

    patiently()
        .untilAsserted(
            () ->
                assertThat(
                        server
                            .get(
                                "/search?q=parcel&exact=true&table=public.parcels&filter="
                                    + FreshetServer.encode("price = 19.9 AND weight > 1"))
                            .json()
                            .path("hits")
                            .path(0)
                            .path("metadata")
                            .toString())
                    .isEqualTo(
                        "{\"price\":19.9,\"sent\":\"2026-02-03\",\"at\":\"2026-02-03T04:05:06.000000Z\","
                            + "\"weight\":1.5,\"tags\":[\"a\",\"b\"]}"));
  }

  @Test
  void aRestartGoesOnWhereTheFirstEnded() throws Exception {
    start(Map.of());
    awaitState(1, "indexed");
    stop();
    source.execute(
        "DELETE FROM products WHERE id = 1",
        "INSERT INTO products VALUES (3, 'Cup', 'Written while nobody listened')");

    start(Map.of());
    awaitState(3, "indexed");
    awaitState(1, "deleted");
  }

  @Test
  void aChangeThatCannotBeIndexedIsADeadLetterOfTheIndex() throws Exception {
    start(Map.of("freshet.tables.public.products.content", "{missing}"));
    patiently()
        .untilAsserted(
            () -> assertThat(server.get("/dead-letters").json().path("deadLetters")).hasSize(1));
    var letter = server.get("/dead-letters").json().path("deadLetters").path(0);
    assertThat(letter.path("reason").asText()).isEqualTo("missing-column");
    stop();

    start(Map.of());
    var replayed = server.post("/dead-letters/replay", "{}");

    assertThat(replayed.status()).as(replayed.body()).isEqualTo(200);
    awaitState(1, "indexed");
    assertThat(server.get("/dead-letters").json().path("deadLetters")).isEmpty();
  }

  @Test
  void aSlotThatIsGoneIsToldAndAllRowsAreReadAgain() throws Exception {
    start(Map.of());
    awaitState(1, "indexed");
    awaitReading();
    source.execute("INSERT INTO products VALUES (2, 'Cup', 'Soon deleted')");
    awaitState(2, "indexed");
    awaitNoted();
    stop();
    patiently()
        .ignoreExceptions()
        .until(
            () -> value("SELECT pg_drop_replication_slot('s%s')".formatted(source.name())) != null);
    source.execute("INSERT INTO products VALUES (5, 'Bowl', 'Nobody listened')");

    start(Map.of());
    awaitState(5, "indexed");

    awaitAnswer("/freshness", "is gone", "\"exact\":false");
  }

  /** PostgreSQL looks for the publication as it was when a change was written. */
  @Test
  void aPublicationThatWasGoneIsToldWithTheWayOut() throws Exception {
    start(Map.of());
    awaitState(1, "indexed");
    awaitReading();
    source.execute(
        "DROP PUBLICATION freshet", "INSERT INTO products VALUES (2, 'Cup', 'Not decodable')");
    String drop = "SELECT pg_drop_replication_slot('s%s')".formatted(source.name());
    awaitAnswer("/health", drop);

    patiently().ignoreExceptions().until(() -> value(drop) != null);

    awaitState(2, "indexed");
    patiently()
        .untilAsserted(
            () -> {
              assertThat(server.get("/health").status()).isEqualTo(200);
              assertThat(server.get("/freshness").body())
                  .contains("\"exact\":false", "deleted meanwhile");
            });
  }

  /** Each row is changed once only: no later change makes up for one that is lost. */
  @Test
  void whatIsCommittedWhileTheRowsAreReadIsNotLost() throws Exception {
    int rows = 600;
    source.execute(
        "INSERT INTO products SELECT id, 'Old', 'Row ' || id FROM generate_series(2, %d) id"
            .formatted(rows));
    var writer =
        CompletableFuture.runAsync(
            () -> {
              try (var connection = source.connect();
                  var update =
                      connection.prepareStatement(
                          "UPDATE products SET title = 'New' WHERE id = ?")) {
                for (int id = 1; id <= rows; id++) {
                  update.setInt(1, id);
                  update.executeUpdate();
                  TimeUnit.MILLISECONDS.sleep(5);
                }
              } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    start(Map.of());
    writer.get();

    var answer = searchAfter(tip(), "lamp");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    var old = server.get("/search?q=old&mode=keyword&k=1000");
    assertThat(old.json().path("hits")).as("rows that kept their former title").isEmpty();
    var changed = server.get("/search?q=new&mode=keyword&k=1000&fields=id");
    assertThat(changed.json().path("hits")).hasSize(rows);
  }

  /** Where a failover slot is wanted, say. */
  @Test
  void anExistingSlotIsReadBehindAllRows() throws Exception {
    source.execute("CREATE PUBLICATION freshet FOR TABLE products");
    value("SELECT pg_create_logical_replication_slot('s%s', 'pgoutput')".formatted(source.name()));
    source.execute(
        "INSERT INTO products VALUES (2, 'Cup', 'In the slot, and read')",
        "INSERT INTO products VALUES (3, 'Jug', 'Deleted before it is read')",
        "DELETE FROM products WHERE id = 3");

    start(Map.of());

    awaitState(1, "indexed");
    awaitState(2, "indexed");
    awaitState(3, "deleted");
    source.execute("UPDATE products SET title = 'Bowl' WHERE id IN (1, 2)");
    var answer = searchAfter(tip(), "bowl");
    assertThat(answer.body())
        .contains("Title: Bowl\\n\\nThere before", "Title: Bowl\\n\\nIn the slot");
  }

  @Test
  void aNewSlotOfAnIndexThatWasFedBeforeIsToldAsAGap() throws Exception {
    start(Map.of());
    awaitState(1, "indexed");
    searchAfter(tip(), "lamp");
    stop();
    source.execute("DELETE FROM products WHERE id = 1");

    start(Map.of("freshet.capture.slot", "t" + source.name()));

    awaitAnswer("/freshness", "what was deleted in between is not known", "\"exact\":false");
  }

  @Test
  void whatIsPostedIsRefused() {
    start(Map.of());
    var answer =
        server.post("/events?table=public.products", "{\"after\":{\"id\":1},\"op\":\"c\"}");

    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.body()).contains("write the row there");
  }

  @Test
  void theRowsOfATableThatIsMappedLaterAreRead() throws Exception {
    source.execute(
        "CREATE TABLE articles (id int PRIMARY KEY, title text, description text)",
        "INSERT INTO articles VALUES (1, 'On lamps', 'Older than its mapping')");
    start(Map.of());
    awaitState(1, "indexed");
    awaitNoted();
    stop();

    start(Map.of("freshet.tables.public.articles.key", "id"));

    awaitAnswer("/documents/public.articles/1", "\"state\":\"indexed\"");
    assertThat(server.get("/freshness").json().path("watermark").path("lost").isNull()).isTrue();
  }

  @Test
  void aTableWithoutAKeyIsNotPublishedBecauseThatWouldRefuseItsUpdates() throws Exception {
    source.execute(
        "CREATE TABLE notes (id int, title text)", "INSERT INTO notes VALUES (1, 'a note')");
    start(Map.of("freshet.tables.public.notes.key", "id"));

    awaitAnswer("/health", "has no primary key", "REPLICA IDENTITY FULL");
    source.execute(
        "UPDATE notes SET title = 'still taken'", "ALTER TABLE notes REPLICA IDENTITY FULL");

    awaitState(1, "indexed");
  }

  @Test
  void aPublicationThatLeavesRowsOutIsTold() throws Exception {
    source.execute("CREATE PUBLICATION filtered FOR TABLE products WHERE (id > 5)");
    start(Map.of("freshet.capture.publication", "filtered"));

    awaitAnswer("/health", "'filtered' has a row filter for the table products");
    assertThat(server.get("/health").status()).isEqualTo(200);
  }

  @Test
  void aUserWithoutTheRightIsToldTheStatement() throws Exception {
    String role = "r" + source.name().substring(0, 20);
    source.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'x'");
    try {
      start(
          Map.of(
              "freshet.source.url",
              source.jdbcUrl().replaceAll("[?].*", ""),
              "freshet.source.user",
              role,
              "freshet.source.password",
              "x"));

      awaitAnswer("/health", "may not replicate", "ALTER ROLE");
      assertThat(server.get("/health").status()).isEqualTo(503);
    } finally {
      stop();
      source.execute("DROP ROLE " + role);
    }
  }

  /** So that a restart goes on from there. */
  private void awaitNoted() {
    patiently()
        .until(
            () ->
                server
                    .bean(DocumentLedger.class)
                    .notes()
                    .read("capture.offset.s" + source.name())
                    .filter(note -> note.contains("lsn_commit"))
                    .isPresent());
  }
}
