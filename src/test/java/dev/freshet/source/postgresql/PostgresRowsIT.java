package dev.freshet.source.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.document.TablePattern;
import dev.freshet.index.Condition;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRefusedException;
import dev.freshet.source.SourceRows;
import dev.freshet.support.InMemoryNotes;
import dev.freshet.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of a real PostgreSQL's tables. */
class PostgresRowsIT {

  private static TestDatabase database;

  @BeforeAll
  static void create() throws Exception {
    database = new TestDatabase();
    database.execute(
        "CREATE EXTENSION citext; CREATE EXTENSION ltree;"
            + " CREATE TYPE mood AS ENUM ('sad', 'glad', 'calm'); CREATE DOMAIN code AS varchar(5)");
  }

  @AfterAll
  static void drop() throws Exception {
    database.close();
  }

  private static TableId table(String name) {
    return new TableId("public", name);
  }

  private static TableMappings mapped(TableId table, String... key) {
    return new TableMappings(Map.of(table, mapping(table, key)));
  }

  private static TableMapping mapping(TableId table, String... key) {
    return new TableMapping(table, List.of(key), new ContentTemplate("{title}"), null, Set.of());
  }

  private static PostgresRows open(TableMappings mappings) {
    return open(mappings, database.jdbcUrl(), new InMemoryNotes());
  }

  private static PostgresRows open(TableMappings mappings, String url, InMemoryNotes notes) {
    return open(mappings, url, notes, 0);
  }

  private static PostgresRows open(
      TableMappings mappings, String url, InMemoryNotes notes, int epoch) {
    return new PostgresRows(
        new SourceConnectionConfiguration(url, null, null, false),
        mappings,
        new SourceOwnership(notes, Clock.systemUTC()),
        epoch,
        Clock.systemUTC());
  }

  private static List<String> all(PostgresRows rows, TableId table, Condition where, int limit)
      throws SourceRefusedException {
    var keys = new ArrayList<String>();
    JsonNode after = null;
    while (true) {
      SourceRows.Page page = rows.page(table, where, after, limit);
      if (page.rows().isEmpty()) {
        return keys;
      }
      page.rows().forEach(row -> keys.add(row.document().joinedKey()));
      after = page.rows().get(page.rows().size() - 1).place();
    }
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of("int", List.of("-5", "3", "20")),
        Arguments.of("smallint", List.of("-5", "3", "20")),
        Arguments.of("bigint", List.of("-9223372036854775808", "9", "9007199254740993")),
        Arguments.of(
            "uuid",
            List.of(
                "00000000-0000-0000-0000-000000000001", "11111111-2222-3333-4444-555555555555")),
        Arguments.of("text", List.of("", "a,b", "back\\slash", "é", "B", "a", "Ä 'quoted' \"x\"")),
        Arguments.of("text COLLATE \"C\"", List.of("a", "B", "é", "Z")),
        Arguments.of("text COLLATE \"en-x-icu\"", List.of("a", "B", "é", "Z", "z")),
        Arguments.of("varchar(10)", List.of("ab", " ab", "ab ")),
        Arguments.of("char(4)", List.of("ab", "abcd", "")),
        Arguments.of("citext", List.of("Ab", "b", "C")),
        Arguments.of("code", List.of("x", "y")),
        Arguments.of("mood", List.of("glad", "sad", "calm")),
        Arguments.of("numeric", List.of("1.50", "100", "0.000000001", "-2")),
        Arguments.of("numeric(10,2)", List.of("1.5", "100", "-2.25")),
        Arguments.of("double precision", List.of("0.1", "1e300", "-7")),
        Arguments.of("date", List.of("2024-02-29", "0044-03-15 BC", "20240-01-01", "infinity")),
        Arguments.of("time", List.of("10:00", "24:00", "10:00:00.000001")),
        Arguments.of("timestamp", List.of("2024-02-29 10:00", "0044-03-15 10:00:01 BC")),
        Arguments.of(
            "timestamptz",
            List.of("2024-02-29 10:00:00.123456+02", "20240-01-01", "-infinity", "0044-03-15 BC")),
        Arguments.of("bytea", List.of("\\x00ff", "\\x", "\\x61")),
        Arguments.of("boolean", List.of("t", "f")),
        Arguments.of("bit(12)", List.of("000000000001", "100000000000")),
        Arguments.of("inet", List.of("10.0.0.1", "10.0.0.0/8", "::1")),
        Arguments.of("ltree", List.of("a", "a.b", "b")));
  }

  /** One row a page, so that each row is found behind the one before it. */
  @ParameterizedTest
  @MethodSource("keys")
  void everyRowIsInOnePageAndIsFoundByItsDocument(String type, List<String> values)
      throws Exception {
    TableId table = table("k" + Integer.toHexString(type.hashCode()));
    var sql = new StringBuilder("CREATE TABLE %s (id %s PRIMARY KEY);".formatted(table, type));
    values.forEach(
        value ->
            sql.append("INSERT INTO %s VALUES ('%s');".formatted(table, value.replace("'", "''"))));
    database.execute(sql.toString());
    try (PostgresRows rows = open(mapped(table, "id"))) {
      List<String> keys = all(rows, table, null, 1);

      assertThat(keys).hasSameSizeAs(values).doesNotHaveDuplicates();
      var documents = new ArrayList<>(keys.stream().map(key -> DocumentId.of(table, key)).toList());
      documents.add(new DocumentId(table, List.of("no value of the type, or none that is there")));
      documents.add(new DocumentId(table, List.of("1", "2")));
      assertThat(rows.rows(table, documents).rows())
          .extracting(row -> row.document().joinedKey())
          .containsExactlyInAnyOrderElementsOf(keys);
      assertThat(rows.present(table, documents).documents())
          .containsExactlyInAnyOrderElementsOf(documents.subList(0, keys.size()));
      assertThat(rows.remarks(table)).isEmpty();
      assertThat(rows.estimate(table, null)).isPositive();
    }
  }

  @Test
  void aKeyOfSeveralColumnsIsReadInTheOrderOfItsIndex() throws Exception {
    TableId table = new TableId("public", "Odd \"name");
    database.execute(
        """
        CREATE TABLE "Odd ""name" ("The Key" text, "b.c" int, PRIMARY KEY ("b.c", "The Key"));
        INSERT INTO "Odd ""name" SELECT 'k' || a, b FROM generate_series(1, 5) a, generate_series(1, 5) b
        """);
    try (PostgresRows rows = open(mapped(table, "The Key", "b.c"))) {
      List<String> keys = all(rows, table, null, 3);

      assertThat(keys).hasSize(25).doesNotHaveDuplicates();
      assertThat(keys.subList(0, 2)).containsExactly("k1,1", "k2,1");
      assertThat(rows.remarks(table)).isEmpty();
    }
  }

  @Test
  void rowsWithoutAKeyAreLeftOutAndCountedAndAKeyWithoutAnIndexIsTold() throws Exception {
    TableId table = table("loose");
    database.execute(
        "CREATE TABLE loose (id int, t text); INSERT INTO loose VALUES (1, 'a'), (NULL, 'b'), (2,'c')");
    try (PostgresRows rows = open(mapped(table, "id"))) {
      assertThat(all(rows, table, null, 1)).containsExactly("1", "2");
      assertThat(rows.remarks(table))
          .satisfiesExactly(
              remark ->
                  assertThat(remark)
                      .contains("CREATE INDEX CONCURRENTLY ON \"public\".\"loose\" (\"id\")"),
              remark -> assertThat(remark).startsWith("1 rows of public.loose"));
    }
  }

  @Test
  void aPageEndsBeforeItsRowsAreTooLargeTogether() throws Exception {
    TableId table = table("large");
    database.execute(
        """
        CREATE TABLE large (id int PRIMARY KEY, body text, data jsonb);
        INSERT INTO large SELECT g, repeat('x', 3000000), NULL FROM generate_series(1, 6) g;
        INSERT INTO large VALUES (7, repeat('y', 20000000), NULL), (8, 'z', NULL)
        """);
    try (PostgresRows rows = open(mapped(table, "id"))) {
      var sizes = new ArrayList<Integer>();
      JsonNode after = null;
      for (SourceRows.Page page = rows.page(table, null, null, 200);
          !page.rows().isEmpty();
          page = rows.page(table, null, after, 200)) {
        sizes.add(page.rows().size());
        after = page.rows().get(page.rows().size() - 1).place();
      }
      assertThat(sizes).containsExactly(2, 2, 2, 1, 1);
    }
  }

  @Test
  void partitionsAreReadThroughTheirRootAndPatternsOneAfterTheOther() throws Exception {
    database.execute(
        """
        CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM (0) TO (10);
        CREATE TABLE parted_b PARTITION OF parted FOR VALUES FROM (10) TO (20);
        INSERT INTO parted VALUES (1), (11), (12);
        CREATE TABLE pr_1 (id int PRIMARY KEY); CREATE TABLE pr_2 (id int PRIMARY KEY);
        INSERT INTO pr_1 VALUES (5), (6); INSERT INTO pr_2 VALUES (1), (2)
        """);
    TableMapping parted = mapped(table("parted"), "id").all().iterator().next();
    TableMapping several = mapped(table("pr"), "id").all().iterator().next();
    var mappings =
        new TableMappings(
            Map.of(table("parted"), parted),
            Map.of(
                new TablePattern("public", "parted_*"), parted,
                new TablePattern("public", "pr_*"), several));
    try (PostgresRows rows = open(mappings)) {
      assertThat(all(rows, table("parted"), null, 2)).containsExactly("1", "11", "12");
      assertThat(all(rows, table("pr"), null, 1)).containsExactly("5", "6", "1", "2");
      var documents = List.of(DocumentId.of(table("pr"), "2"), DocumentId.of(table("pr"), "6"));
      assertThat(rows.rows(table("pr"), documents).rows()).hasSize(2);
      assertThat(
              new String(
                  rows.deletion(table("pr"), documents.get(0), new Lsn(1)).body(),
                  StandardCharsets.UTF_8))
          .contains("\"table\":\"pr_");
    }
  }

  /** The order of the names differs from that of the schemas: a hyphen sorts before the dot. */
  @Test
  void tablesOfSchemasWithNamesAlikeAreAllRead() throws Exception {
    database.execute(
        """
        CREATE SCHEMA shop; CREATE SCHEMA "shop-old";
        CREATE TABLE shop.wares (id int PRIMARY KEY); CREATE TABLE "shop-old".wares (id int PRIMARY KEY);
        INSERT INTO shop.wares VALUES (1), (2); INSERT INTO "shop-old".wares VALUES (3), (4)
        """);
    TableMapping wares = mapped(table("wares"), "id").all().iterator().next();
    var mappings =
        new TableMappings(
            Map.of(),
            Map.of(
                new TablePattern("shop", "wares"), wares,
                new TablePattern("shop-old", "wares"), wares));
    try (PostgresRows rows = open(mappings)) {
      assertThat(all(rows, table("wares"), null, 1)).containsExactlyInAnyOrder("1", "2", "3", "4");
    }
  }

  @Test
  void rowsWithoutAKeyAreNotCountedForLong() throws Exception {
    TableId table = table("slow");
    database.execute("CREATE TABLE slow (id int UNIQUE); INSERT INTO slow VALUES (NULL)");
    try (PostgresRows rows = open(mapped(table, "id"))) {
      assertThat(rows.remarks(table)).singleElement().asString().contains("1 rows of public.slow");
      try (Connection other = DriverManager.getConnection(database.jdbcUrl());
          var statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE slow IN ACCESS EXCLUSIVE MODE");

        assertThat(rows.remarks(table)).isEmpty();
      }
    }
  }

  @Test
  void aRefusedConnectionMayPass() throws Exception {
    TableId table = table("any");
    String url = TestDatabase.withUser(database.jdbcUrl(), database.name(), "none");
    try (PostgresRows rows = open(mapped(table, "id"), url, new InMemoryNotes())) {
      assertThatThrownBy(() -> rows.estimate(table, null))
          .isInstanceOfSatisfying(
              SourceRefusedException.class,
              refusal ->
                  assertThatThrownBy(refusal::waitIfPassing)
                      .isInstanceOf(UnavailableException.class)
                      .hasMessageContaining("mend freshet.source.url, user or password"));
    }
  }

  @Test
  void aConditionChoosesRowsAndMustFitTheTable() throws Exception {
    TableId table = table("goods");
    database.execute(
        """
        CREATE TABLE goods (id int PRIMARY KEY, name text, price numeric(10,2), made timestamptz,
          tags text[], sold boolean);
        INSERT INTO goods SELECT g, 'good ''' || g, g / 2.0, '2024-01-01'::timestamptz + g * interval '1 day',
          ARRAY['t' || g % 3], CASE WHEN g > 5 THEN true END FROM generate_series(1, 10) g
        """);
    var conditions = new LinkedHashMap<String, List<String>>();
    conditions.put("id > 8", List.of("9", "10"));
    conditions.put("name = 'good ''3'", List.of("3"));
    conditions.put("price in (1.50, 5)", List.of("3", "10"));
    conditions.put("made >= '2024-01-10T00:00:00Z' and id != 10", List.of("9"));
    conditions.put("tags contains t1 and id < 5", List.of("1", "4"));
    conditions.put("sold is null and id > 4", List.of("5"));
    conditions.put("sold = true and id <= 6", List.of("6"));
    conditions.put("sold != true and id >= 5", List.of("5"));
    var faults = new HashMap<String, String>();
    faults.put("prize > 3", "has no column 'prize'");
    faults.put("name > 3", "put it in single quotes");
    faults.put("id = x", "does not fit");
    faults.put("made < yesterday'", "");
    faults.put("sold contains true", "is not an array");
    try (PostgresRows rows = open(mapped(table, "id"))) {
      for (Map.Entry<String, List<String>> one : conditions.entrySet()) {
        Condition where = new FilterExpressionParser().parse(one.getKey());
        assertThat(all(rows, table, where, 1)).as(one.getKey()).isEqualTo(one.getValue());
        assertThat(rows.estimate(table, where)).isNotNegative();
      }
      faults.remove("made < yesterday'");
      for (Map.Entry<String, String> one : faults.entrySet()) {
        Condition where = new FilterExpressionParser().parse(one.getKey());
        assertThatThrownBy(() -> rows.page(table, where, null, 10))
            .as(one.getKey())
            .isInstanceOf(SourceRefusedException.class)
            .hasMessageContaining(one.getValue());
      }
    }
  }

  @Test
  void whatTheSourceRefusesIsToldWithItsRemedy() throws Exception {
    TableId table = table("shut");
    database.execute(
        "CREATE TABLE shut (id int PRIMARY KEY); CREATE SCHEMA hidden;"
            + " CREATE TABLE hidden.away (id int PRIMARY KEY); CREATE TABLE vague (id interval PRIMARY KEY);"
            + " CREATE TABLE guarded (id int PRIMARY KEY); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;"
            + " GRANT SELECT ON guarded TO "
            + database.name());
    refused(mapped(table("none"), "id"), table("none"), "the source has no table public.none");
    refused(mapped(table, "id"), table("other"), "is not mapped");
    refused(mapped(table("guarded"), "key"), table("guarded"), "has no column 'key'");
    refused(mapped(table, "id"), table, "GRANT SELECT ON \"public\".\"shut\" TO");
    refused(
        mapped(new TableId("hidden", "away"), "id"),
        new TableId("hidden", "away"),
        "GRANT USAGE ON SCHEMA \"hidden\" TO");
    refused(mapped(table("guarded"), "id"), table("guarded"), "row-level security");
    database.execute("GRANT SELECT ON vague TO " + database.name());
    refused(mapped(table("vague"), "id"), table("vague"), "has the type interval");

    var notes = new InMemoryNotes();
    new SourceOwnership(notes, Clock.systemUTC()).claim(new SourceName("db", "elsewhere"), 0);
    try (PostgresRows rows = open(mapped(table, "id"), database.jdbcUrl(), notes)) {
      assertThatThrownBy(() -> rows.page(table, null, null, 1))
          .isInstanceOf(SourceRefusedException.class)
          .hasMessageContaining("belongs to the source 'db/elsewhere'");
    }
    String nowhere = database.jdbcUrl().replaceFirst("//[^/]+/", "//127.0.0.1:1/");
    try (PostgresRows rows = open(mapped(table, "id"), nowhere, new InMemoryNotes())) {
      assertThatThrownBy(() -> rows.page(table, null, null, 1))
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void rowsAreReadFromOnePlaceUntilTheEpochIsRaised() throws Exception {
    TableId table = table("placed");
    String sql = "CREATE TABLE placed (id int PRIMARY KEY); INSERT INTO placed VALUES (1)";
    database.execute(sql);
    var notes = new InMemoryNotes();
    try (PostgresRows rows = open(mapped(table, "id"), database.jdbcUrl(), notes)) {
      assertThat(all(rows, table, null, 10)).containsExactly("1");
    }
    try (var other = new TestDatabase()) {
      other.execute(sql);
      try (PostgresRows rows = open(mapped(table, "id"), other.jdbcUrl(), notes)) {
        assertThat(rows.hasRows(table)).isTrue();
        assertThatThrownBy(() -> rows.page(table, null, null, 1))
            .isInstanceOf(SourceRefusedException.class)
            .hasMessageContaining("/" + database.name())
            .hasMessageContaining("raise freshet.source-epoch");
      }
      try (PostgresRows rows = open(mapped(table, "id"), other.jdbcUrl(), notes, 1)) {
        assertThat(all(rows, table, null, 10)).containsExactly("1");
      }
    }
  }

  @Test
  void aRowThatMemoryMayNotHoldIsRefusedByItsKey() throws Exception {
    TableId table = table("huge");
    database.execute(
        "CREATE TABLE huge (id int PRIMARY KEY, title text);"
            + " INSERT INTO huge VALUES (1, 'a'), (2, repeat('lorem ', 11000000)), (3, 'b')");
    try (PostgresRows rows = open(mapped(table, "id"))) {
      SourceRows.Page first = rows.page(table, null, null, 10);
      assertThat(first.rows()).hasSize(1);
      JsonNode place = first.rows().get(0).place();
      assertThatThrownBy(() -> rows.page(table, null, place, 10))
          .isInstanceOf(SourceRefusedException.class)
          .hasMessageContaining("the row 2 of public.huge has about 66 MB")
          .hasMessageContaining("freshet.tables.public.huge.exclude");
    }
  }

  @Test
  void aLockedTableIsWaitedForAndKeepsNobodyFromOtherTables() throws Exception {
    TableId locked = table("locked");
    TableId free = table("free");
    database.execute(
        "CREATE TABLE locked (id int PRIMARY KEY); CREATE TABLE free (id int PRIMARY KEY)");
    var mappings =
        new TableMappings(Map.of(locked, mapping(locked, "id"), free, mapping(free, "id")));
    try (PostgresRows rows = open(mappings);
        var holder = DriverManager.getConnection(database.jdbcUrl());
        var statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
      var page =
          CompletableFuture.supplyAsync(
              () -> catchThrowable(() -> rows.page(locked, null, null, 1)));

      assertThat(rows.estimate(free, null)).isNotNegative();
      assertThat(page).as("the page waits").isNotDone();
      assertThat(page.get(30, TimeUnit.SECONDS))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("has locked public.locked");
    }
  }

  private static void refused(TableMappings mappings, TableId table, String message) {
    try (PostgresRows rows = open(mappings, database.jdbcUrlOfRole(), new InMemoryNotes())) {
      assertThatThrownBy(() -> rows.page(table, null, null, 1))
          .isInstanceOf(SourceRefusedException.class)
          .hasMessageContaining(message);
    }
  }
}
