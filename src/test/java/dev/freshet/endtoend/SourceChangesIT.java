package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.ledger.DocumentLedger;
import dev.freshet.support.FreshetServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people do to a source while {@code freshet.feed=postgresql} reads its log. */
class SourceChangesIT extends ServedSource {

  @Override
  String[] tables() {
    return new String[] {
      "CREATE TABLE products (id int PRIMARY KEY, title text, description text, rating numeric"
          + " NOT NULL DEFAULT 1)",
      "INSERT INTO products VALUES (1, 'Old lamp', 'There before'), (2, 'Old cup', 'Too')"
    };
  }

  private String note(String name) {
    return server.bean(DocumentLedger.class).notes().read(name + source.name()).orElse("");
  }

  @Test
  void whatIsHugeOrNoNumberEndsNothing() throws Exception {
    source.execute(
        "INSERT INTO products VALUES (3, 'Huge', repeat('word and ', 2400000), 'NaN')",
        "CREATE TABLE prices (id int PRIMARY KEY, title text, price numeric(10, 2) NOT NULL, sum"
            + " money NOT NULL, rate numeric NOT NULL, share numeric(4, 2) NOT NULL DEFAULT 0.5)",
        "INSERT INTO prices VALUES (1, 'Price', 'NaN', '12.50', 'NaN')");
    start(Map.of("freshet.indexing.max-document-size", "1000000"));
    awaitState(1, "indexed");
    awaitAnswer("/documents/public.products/3", "too-large");

    source.execute(
        "SELECT pg_logical_emit_message(true, 'heartbeat', repeat('x', 16000000))",
        "SELECT pg_logical_emit_message(false, 'heartbeat', 'x')",
        "INSERT INTO prices VALUES (2, 'Price', 'NaN', '13.75', 2.50, 0.3)",
        "UPDATE products SET rating = 'NaN', title = 'Not rated' WHERE id = 2",
        "INSERT INTO products VALUES (4, 'Rated', 'Behind all of it', 4.50)");
    awaitText(4, "behind");
    awaitText(2, "rated");

    var hits =
        server.get(
            "/search?q=price&table=public.prices&filter=" + FreshetServer.encode("sum > 13.5"));
    assertThat(hits.json().at("/hits/0/metadata").toString())
        .isEqualTo(
            "{\"id\":2,\"title\":\"Price\",\"price\":null,\"sum\":13.75,\"rate\":2.5,\"share\":0.3}");
  }

  @Test
  void aTableThatThePublicationLackedForAWhileIsReadAgainAndTold() throws Exception {
    start(Map.of());
    awaitText(2, "cup");
    source.execute(
        "ALTER PUBLICATION freshet DROP TABLE products",
        "UPDATE products SET title = 'New lamp' WHERE id = 1",
        "INSERT INTO products VALUES (3, 'Jug', 'Not published')",
        "ALTER PUBLICATION freshet ADD TABLE products");

    awaitText(3, "published");
    awaitText(1, "new");
    awaitAnswer(
        "/freshness", "the publication lacked the table public.products", "\"exact\":false");
  }

  @Test
  void aTableThatIsCreatedAgainIsReadAgainAndTold() throws Exception {
    start(Map.of());
    awaitText(2, "cup");
    source.execute(
        "DROP TABLE products",
        "CREATE TABLE products (id int PRIMARY KEY, title text)",
        "INSERT INTO products VALUES (1, 'Another lamp')");

    awaitText(1, "another");
    awaitAnswer("/freshness", "public.products was dropped and created again", "\"exact\":false");
    source.execute("INSERT INTO products VALUES (9, 'Bottle')");
    awaitText(9, "bottle");
  }

  @Test
  void aTableThatWasNotMappedForAWhileIsTold() throws Exception {
    start(Map.of());
    awaitText(2, "cup");
    stop();
    source.execute("CREATE TABLE others (id int PRIMARY KEY, title text)");
    start(Map.of("freshet.tables.public.others.key", "id"));
    patiently().until(() -> note("capture.tables.s").contains("\"-\""));
    stop();

    start(Map.of());
    awaitAnswer("/freshness", "public.products was not mapped for a while", "\"exact\":false");
  }

  /** A dump has another log, whose positions stand before those that the index has. */
  @Test
  void anotherClusterIsReadOnlyUnderAnotherEpoch() throws Exception {
    start(Map.of());
    awaitText(2, "cup");
    server.bean(DocumentLedger.class).notes().write("capture.cluster.s" + source.name(), "another");
    stop();
    source.execute("UPDATE products SET title = 'Restored lamp' WHERE id = 1");

    start(Map.of());
    awaitAnswer("/health", "another PostgreSQL cluster", "Raise freshet.source-epoch by one");
    stop();

    start(Map.of("freshet.source-epoch", 1));
    awaitText(1, "restored");
    awaitAnswer("/freshness", "the source was restored or replaced", "\"exact\":false");
  }

  @Test
  void whatPostgresqlDoesNotTellIsARemark() throws Exception {
    source.execute(
        "CREATE TABLE base (id int PRIMARY KEY, title text)",
        "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (base)",
        "CREATE TABLE made (id int PRIMARY KEY, title text, description text GENERATED ALWAYS AS"
            + " ('about ' || title) STORED)",
        "CREATE TABLE parts (id int PRIMARY KEY, title text) PARTITION BY RANGE (id)",
        "CREATE TABLE \"Order \"\"Notes\"\"\" (\"Id\" int PRIMARY KEY)");
    start(Map.of());
    awaitText(2, "cup");

    assertThat(server.get("/health").body())
        .contains(
            "inherit from public.base",
            "the column description of public.made is generated",
            "public.parts is partitioned",
            "1 tables have no id, or neither title nor description");
  }

  @Test
  void whoMayNotReadIsToldStatementsThatRun() throws Exception {
    String role = "R'" + source.name().substring(0, 20);
    source.execute(
        "CREATE SCHEMA \"Own\"",
        "CREATE TABLE \"Own\".\"O'Brien Table\" (id int PRIMARY KEY, title text)",
        "CREATE ROLE \"" + role + "\" LOGIN REPLICATION PASSWORD 'x'");
    try {
      start(
          Map.of(
              "freshet.source.url",
              source.jdbcUrl().replaceAll("[?].*", ""),
              "freshet.source.user",
              role,
              "freshet.source.password",
              "x"));
      awaitAnswer("/health", "let the owner run");

      String told = server.get("/health").json().findValue("description").asText();
      for (String statement : List.of(told.substring(told.indexOf("run: ") + 5).split("; ", -1))) {
        source.execute(statement);
      }
      patiently()
          .untilAsserted(
              () -> assertThat(server.get("/health").body()).doesNotContain("let the owner run"));
    } finally {
      stop();
      dropRole(role);
    }
  }

  private void dropRole(String role) throws SQLException {
    source.execute("DROP OWNED BY \"" + role + "\"", "DROP ROLE \"" + role + "\"");
  }
}
