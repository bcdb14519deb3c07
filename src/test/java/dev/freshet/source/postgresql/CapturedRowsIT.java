package dev.freshet.source.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import dev.freshet.changeevent.ChangeEvent.RowDeleted;
import dev.freshet.changeevent.ChangeEvent.RowEvent;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRows;
import dev.freshet.support.Capture;
import dev.freshet.support.InMemoryNotes;
import dev.freshet.support.SourceDatabase;
import dev.freshet.support.TestQueue;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Rows that are read beside the feed, compared with what Debezium's engine captures of them. Alone,
 * because Debezium needs most of a machine while it starts.
 */
@Isolated
class CapturedRowsIT {

  /** A column of each type, with ordinary values and with those at the edges. */
  private static final List<List<String>> TYPES =
      List.of(
          List.of("smallint", "-32768", "32767"),
          List.of("int", "2147483647", "0"),
          List.of("bigint", "9007199254740993", "-9223372036854775808"),
          List.of("oid", "4294967295", "0"),
          List.of("real", "1.1", "'NaN'", "1e10"),
          List.of("double precision", "1e300", "'-Infinity'", "0.1"),
          List.of("numeric", "1234567890123456789.000100", "'NaN'", "1e20"),
          List.of("numeric(10,2)", "12.30", "'NaN'", "0"),
          List.of("numeric(5,0)", "99999", "-1"),
          List.of("money", "'1234.56'", "'-5'"),
          List.of("boolean", "true", "false"),
          List.of("text", "'a \"quoted\" \\ text, ä 👍'", "''"),
          List.of("char(4)", "'ab'", "''"),
          List.of("varchar(20)", "'vc'", "' x '"),
          List.of("citext", "'AbC'", "''"),
          List.of("bytea", "'\\x00ff10'", "''"),
          List.of(
              "date",
              "'2024-02-29'",
              "'infinity'",
              "'0044-03-15 BC'",
              "'9999-12-31'",
              "'-infinity'",
              "'5874897-12-31'"),
          List.of("time", "'12:34:56.789012'", "'24:00:00'", "'10:00'"),
          List.of("time(3)", "'12:34:56.789'", "'00:00'"),
          List.of("timetz", "'12:34:56+02'", "'23:59:59.5-05:30'"),
          List.of(
              "timestamp",
              "'2024-02-29 12:34:56.789012'",
              "'infinity'",
              "'0044-03-15 10:00 BC'",
              "'-infinity'",
              "'294276-12-31 23:59:59'"),
          List.of("timestamp(0)", "'2024-02-29 12:34:56'", "'infinity'"),
          List.of("timestamp(3)", "'2024-02-29 12:34:56.78'", "'-infinity'"),
          List.of(
              "timestamptz",
              "'2024-02-29 12:34:56.789012+05'",
              "'infinity'",
              "'0044-03-15 10:00+00 BC'",
              "'-infinity'",
              "'20024-01-01'"),
          List.of("timestamptz(3)", "'2024-02-29 12:34:56+05'", "'-infinity'"),
          List.of("timestamptz(0)", "'2024-02-29 12:34:56+05'"),
          List.of(
              "interval",
              "'1 year 2 mons 3 days 04:05:06.789'",
              "'-1 day -00:00:01'",
              "'00:00:00.000001'"),
          List.of("uuid", "'11111111-2222-3333-4444-555555555555'"),
          List.of("json", "'{\"b\":1, \"a\": 1e400}'", "'null'"),
          List.of("jsonb", "'{\"b\": 12345678901234567890123.10, \"a\": [1e2]}'", "'\"x\"'"),
          List.of("xml", "'<a>b</a>'"),
          List.of("inet", "'10.0.0.1/8'", "'::1'"),
          List.of("cidr", "'10.0.0.0/8'"),
          List.of("macaddr", "'08:00:2b:01:02:03'"),
          List.of("point", "'(1,2.5)'", "'(1e10,-0.1)'"),
          List.of("int4range", "'[1,5)'", "'empty'"),
          List.of("numrange", "'[1.5,)'"),
          List.of("tsrange", "'[2024-01-01 10:00,infinity)'"),
          List.of("tstzrange", "'[2024-01-01 10:00+03,)'"),
          List.of("daterange", "'[2024-01-01,2024-02-01)'"),
          List.of("hstore", "'a=>1,b=>NULL,\"c d\"=>\"x\"'", "''"),
          List.of("ltree", "'a.b.c'"),
          List.of("vector(3)", "'[1,2.5,-1e-3]'"),
          List.of("tsvector", "'a fat cat'"),
          List.of("bit(1)", "B'1'", "B'0'"),
          List.of("bit(3)", "B'101'", "B'000'"),
          List.of("bit(12)", "B'100000000001'"),
          List.of("varbit", "B'1011'", "B''"),
          List.of("mood", "'glad'"),
          List.of("price", "12.30", "'0'"),
          List.of("posint", "5"),
          List.of("stamp", "'2024-02-29 12:34:56+05'"),
          List.of("name_of", "'short'"),
          List.of("int[]", "'{1,NULL,3}'", "'{}'"),
          List.of("bigint[]", "'{9007199254740993}'"),
          List.of("text[]", "'{a,NULL,\"b,\\\"c\\\\\",\"\",\"NULL\"}'"),
          List.of("varchar(5)[]", "'{a,b}'"),
          List.of("numeric[]", "'{1.50,NULL}'"),
          List.of("numeric(10,2)[]", "'{1.5,2}'"),
          List.of("real[]", "'{1.1}'"),
          List.of("double precision[]", "'{1.1,1e300}'"),
          List.of("boolean[]", "'{t,f}'"),
          List.of("date[]", "'{2024-02-29}'"),
          List.of("timestamp[]", "'{2024-02-29 12:34:56.789012}'"),
          List.of("timestamptz[]", "'{2024-02-29 12:34:56.789012+05}'"),
          List.of("time[]", "'{12:34:56}'"),
          List.of("uuid[]", "'{11111111-2222-3333-4444-555555555555}'"),
          List.of("jsonb[]", "ARRAY['{\"a\": 1}'::jsonb]"),
          List.of("bytea[]", "ARRAY['\\x00ff'::bytea]"),
          List.of("inet[]", "'{10.0.0.1}'"),
          List.of("mood[]", "'{glad}'"),
          List.of("citext[]", "'{Ab}'"),
          List.of("pg_lsn", "'0/1'"),
          List.of("circle", "'<(1,2),3>'"),
          List.of("box", "'(1,2),(3,4)'"),
          List.of("line", "'{1,2,3}'"),
          List.of("lseg", "'[(1,2),(3,4)]'"),
          List.of("path", "'[(1,2),(3,4)]'"),
          List.of("polygon", "'((1,2),(3,4),(5,6))'"),
          List.of("int4multirange", "'{[1,5)}'"),
          List.of("pair", "ROW(1,'a')"),
          List.of("interval[]", "'{1 day}'"),
          List.of("money[]", "'{1}'"));

  private static final TableId ZOO = new TableId("public", "zoo");
  private static final TableId NOTES = new TableId("public", "notes");

  private static final ChangeEventDecoder DECODER =
      new ChangeEventDecoder(0, "__debezium_unavailable_value", ColumnTypes.NONE);

  private static SourceDatabase source;
  private static TestQueue queue;
  private static Capture capture;
  private static PostgresRows rows;

  @BeforeAll
  static void start() throws Exception {
    var columns = new StringBuilder();
    for (int i = 0; i < TYPES.size(); i++) {
      columns.append(", c").append(i).append(' ').append(TYPES.get(i).get(0));
    }
    queue = TestQueue.open();
    queue.declare();
    source =
        SourceDatabase.create(
            "CREATE EXTENSION hstore",
            "CREATE EXTENSION citext",
            "CREATE EXTENSION ltree",
            "CREATE EXTENSION vector",
            "CREATE TYPE mood AS ENUM ('sad', 'glad')",
            "CREATE TYPE pair AS (a int, b text)",
            "CREATE DOMAIN price AS numeric(10,2)",
            "CREATE DOMAIN posint AS int CHECK (VALUE > 0)",
            "CREATE DOMAIN stamp AS timestamptz",
            "CREATE DOMAIN name_of AS varchar(10)",
            "CREATE TABLE zoo (id int PRIMARY KEY"
                + columns
                + ", made int GENERATED ALWAYS AS (id + 1) STORED)",
            "CREATE TABLE notes (id int PRIMARY KEY, title text)",
            "INSERT INTO notes VALUES (1, 'first')");
    capture =
        Capture.start(
            source,
            queue,
            Map.of("value.converter.schemas.enable", "true"),
            "public.zoo",
            "public.notes");
    take(1);
    rows = open();
  }

  private static PostgresRows open() {
    return new PostgresRows(
        new SourceConnectionConfiguration(source.jdbcUrl(), null, null, false),
        new TableMappings(Map.of(ZOO, mapping(ZOO, "{id}"), NOTES, mapping(NOTES, "{title}"))),
        new SourceOwnership(new InMemoryNotes(), Clock.systemUTC()),
        0,
        Clock.systemUTC());
  }

  private static TableMapping mapping(TableId table, String content) {
    return new TableMapping(table, List.of("id"), new ContentTemplate(content), null, Set.of());
  }

  @AfterAll
  static void stop() throws Exception {
    rows.close();
    capture.close();
    source.close();
    queue.close();
  }

  @Test
  void aRowHasTheValuesThatItsEventHas() throws Exception {
    int most = TYPES.stream().mapToInt(List::size).max().orElseThrow();
    for (int row = 1; row < most; row++) {
      var columns = new ArrayList<String>();
      var values = new ArrayList<String>();
      for (int i = 0; i < TYPES.size(); i++) {
        if (row < TYPES.get(i).size()) {
          columns.add("c" + i);
          values.add(TYPES.get(i).get(row));
        }
      }
      source.execute(
          "INSERT INTO zoo (id, %s) VALUES (%d, %s)"
              .formatted(String.join(", ", columns), row, String.join(", ", values)));
    }
    source.execute("INSERT INTO zoo (id) VALUES (100)");
    List<ChangeMessage> events = take(most);

    SourceRows.Page page = rows.page(ZOO, null, null, 100);

    assertThat(page.rows()).hasSize(most);
    var differences = new ArrayList<String>();
    for (int i = 0; i < most; i++) {
      RowUpserted captured = (RowUpserted) decode(events.get(i));
      RowUpserted read = (RowUpserted) decode(page.rows().get(i).message());
      assertThat(page.rows().get(i).document())
          .isEqualTo(new DocumentId(ZOO, List.of(read.row().values().get("id").asText())));
      for (String column : captured.row().values().keySet()) {
        var expected = captured.row().values().get(column);
        var actual = read.row().values().get(column);
        if (!String.valueOf(expected).equals(String.valueOf(actual))
            || !expected.asText().equals(actual == null ? null : actual.asText())) {
          differences.add(type(column) + ": captured " + expected + ", read " + actual);
        }
      }
      for (String column : read.row().values().keySet()) {
        if (!captured.row().has(column)) {
          differences.add(type(column) + ": not captured, read " + read.row().values().get(column));
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static String type(String column) {
    return column.matches("c\\d+")
        ? TYPES.get(Integer.parseInt(column.substring(1))).get(0)
        : column;
  }

  /** The last commit that Debezium saw before it may lie far below it. */
  @Test
  void aTransactionThatIsOpenWhileAPageIsReadWinsOverThePage() throws Exception {
    source.execute("INSERT INTO notes VALUES (10, 'old'), (11, 'old')");
    try (PostgresRows fresh = open();
        Connection open = source.connect();
        Connection unseen = source.connect()) {
      open.setAutoCommit(false);
      open.createStatement().execute("UPDATE notes SET title = 'new' WHERE id = 10");
      // The log grows, and no commit is captured: another database's would not be either.
      unseen
          .createStatement()
          .execute("CREATE TABLE filler AS SELECT g FROM generate_series(1, 20000) g");

      SourceRows.Page page = fresh.rows(NOTES, List.of(note(10), note(11)));
      open.commit();
      source.execute("UPDATE notes SET title = 'later' WHERE id = 11");
      List<ChangeMessage> events = take(4);

      assertThat(title(page, 10)).isEqualTo("old");
      assertThat(position(events.get(2)).supersedes(position(page, 10))).isTrue();
      assertThat(position(events.get(3)).supersedes(position(page, 11))).isTrue();
      // What the page has seen is older than the page.
      assertThat(position(events.get(0)).supersedes(position(page, 10))).isFalse();
      assertThat(position(page, 10).supersedes(position(events.get(0)))).isTrue();
      Position gone = position(fresh.deletion(NOTES, note(10), page.mark()));
      assertThat(position(events.get(2)).supersedes(gone)).isTrue();
      assertThat(gone.supersedes(position(events.get(0)))).isTrue();
    }
  }

  private static DocumentId note(int id) {
    return new DocumentId(NOTES, List.of(String.valueOf(id)));
  }

  private static SourceRows.Row row(SourceRows.Page page, int id) {
    return page.rows().stream()
        .filter(row -> row.document().equals(note(id)))
        .findFirst()
        .orElseThrow();
  }

  private static String title(SourceRows.Page page, int id) {
    return ((RowUpserted) decode(row(page, id).message())).row().values().get("title").asText();
  }

  private static Position position(SourceRows.Page page, int id) {
    return position(row(page, id).message());
  }

  private static Position position(ChangeMessage message) {
    RowEvent event = decode(message);
    assertThat(event).isInstanceOfAny(RowUpserted.class, RowDeleted.class);
    return event.origin().position();
  }

  private static RowEvent decode(ChangeMessage message) {
    return (RowEvent) DECODER.decode(message, Instant.now());
  }

  /** The next events of rows; logical messages are left out. */
  private static List<ChangeMessage> take(int count) throws Exception {
    var messages = new ArrayList<ChangeMessage>();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              capture.requireHealthy();
              for (GetResponse next = queue.take(); next != null; next = queue.take()) {
                var message =
                    new ChangeMessage(next.getEnvelope().getRoutingKey(), Map.of(), next.getBody());
                if (DECODER.decode(message, Instant.now()) instanceof RowEvent) {
                  messages.add(message);
                }
              }
              return messages.size() >= count;
            });
    assertThat(messages).hasSize(count);
    return messages;
  }
}
