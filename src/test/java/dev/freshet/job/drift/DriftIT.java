package dev.freshet.job.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.MappingResult.Mapped;
import dev.freshet.document.MessageReader;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.PresentRenderings;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.job.JobOutput;
import dev.freshet.job.Progress;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.ExclusiveSink;
import dev.freshet.sink.Outcome;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRows;
import dev.freshet.source.postgresql.PostgresRows;
import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import dev.freshet.store.Store;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.SourceDatabase;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source whose log Freshet reads, and an index that is made to differ from it. */
class DriftIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** A type of keys, three values that are there, and one that is not. */
  private static final List<List<String>> KEYS =
      List.of(
          List.of("int", "1", "2", "3", "-4"),
          List.of("bigint", "9007199254740993", "2", "3", "-9223372036854775808"),
          List.of("smallint", "1", "2", "3", "4"),
          List.of(
              "uuid",
              "11111111-2222-3333-4444-555555555555",
              "21111111-2222-3333-4444-555555555555",
              "31111111-2222-3333-4444-555555555555",
              "41111111-2222-3333-4444-555555555555"),
          List.of("text", "a,b", "back\\\\slash", "é 👍", "Z"),
          List.of("varchar(9)", "a", " a", "a ", "b"),
          List.of("char(4)", "a", "b", "cccc", "d"),
          List.of("numeric(10,2)", "1.5", "2", "-3.25", "4"),
          List.of("numeric", "1.50", "100", "0.0001", "7"),
          List.of("date", "2024-02-29", "0044-03-15 BC", "20240-01-01", "2000-01-01"),
          List.of("time", "10:00", "24:00", "10:00:00.000001", "00:00"),
          List.of(
              "timestamp",
              "2024-02-29 10:00",
              "0044-03-15 BC",
              "1999-01-01 00:00:01.5",
              "2000-01-01"),
          List.of(
              "timestamptz",
              "2024-02-29 10:00+05",
              "0044-03-15 BC",
              "1999-01-01 00:00:01.5",
              "2000-01-01"),
          List.of("bytea", "\\x00ff", "\\x61", "\\xff", "\\x62"),
          List.of("inet", "10.0.0.1", "::1", "10.0.0.0/8", "10.0.0.2"),
          List.of("citext", "Ab", "b", "C", "d"),
          List.of("mood", "sad", "glad", "calm", "wild"),
          List.of("code", "x", "y", "z", "w"),
          List.of("bit(12)", "000000000001", "100000000000", "111111111111", "000000000000"));

  private static final TableId PAIRS = new TableId("public", "pairs");
  private static final TableId BUSY = new TableId("public", "busy");

  @TempDir private static Path folder;

  private static SourceDatabase source;
  private static FreshetServer server;
  private static PostgresRows rows;

  @BeforeAll
  static void start() throws Exception {
    var statements = new ArrayList<String>();
    statements.add("CREATE EXTENSION citext");
    statements.add("CREATE TYPE mood AS ENUM ('sad', 'glad', 'calm', 'wild')");
    statements.add("CREATE DOMAIN code AS varchar(5)");
    var properties = new HashMap<String, Object>();
    for (int i = 0; i < KEYS.size(); i++) {
      List<String> key = KEYS.get(i);
      statements.add("CREATE TABLE k%d (id %s PRIMARY KEY, title text)".formatted(i, key.get(0)));
      map(properties, "public.k" + i, "id");
    }
    statements.add("CREATE TABLE pairs (a int, b text, title text, PRIMARY KEY (b, a))");
    statements.add("INSERT INTO pairs SELECT g, 'x,' || g, 'A pot' FROM generate_series(1, 3) g");
    map(properties, "public.pairs", List.of("a", "b"));
    statements.add("CREATE TABLE busy (id int PRIMARY KEY, title text)");
    statements.add("INSERT INTO busy SELECT g, 'A chair' FROM generate_series(1, 450) g");
    map(properties, "public.busy", "id");
    source = SourceDatabase.create(statements.toArray(String[]::new));
    properties.put("freshet.feed", "postgresql");
    properties.put("freshet.store", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.capture.slot", "s" + source.name());
    server = FreshetServer.start(properties, new QuickModel());
    rows =
        new PostgresRows(
            new SourceConnectionConfiguration(source.jdbcUrl(), null, null, false),
            server.bean(TableMappings.class),
            server.bean(SourceOwnership.class),
            0,
            Clock.systemUTC());
    awaitDocuments(PAIRS, 3);
    awaitDocuments(BUSY, 450);
    insertKeys();
    awaitDocuments(table(KEYS.size() - 1), 3);
  }

  /** While they are streamed: what is read at first has other forms of days before our era. */
  private static void insertKeys() throws Exception {
    var statements = new ArrayList<String>();
    for (int i = 0; i < KEYS.size(); i++) {
      String escape = KEYS.get(i).get(0).equals("text") ? "E" : "";
      for (String value : KEYS.get(i).subList(1, 4)) {
        statements.add("INSERT INTO k%d VALUES (%s'%s', 'A lamp')".formatted(i, escape, value));
      }
    }
    source.execute(statements.toArray(String[]::new));
  }

  /** What is found is not looked at here. */
  private static final class QuickModel implements EmbeddingModel {

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      return Response.from(
          segments.stream()
              .map(segment -> Embedding.from(new float[] {1, segment.text().hashCode() % 7}))
              .toList());
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public String modelName() {
      return "quick";
    }
  }

  private static void map(Map<String, Object> properties, String table, Object key) {
    properties.put("freshet.tables." + table + ".key", key);
    properties.put("freshet.tables." + table + ".content", "{title}");
  }

  private static TableId table(int number) {
    return new TableId("public", "k" + number);
  }

  private static void awaitDocuments(TableId table, int count) {
    await().atMost(PATIENCE).until(() -> ledger().documentsOf(table).size() == count);
  }

  @AfterAll
  static void stop() throws Exception {
    rows.close();
    server.close();
    source.close();
  }

  private static DocumentLedger ledger() {
    return server.bean(DocumentLedger.class);
  }

  private static List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit) {
    List<DocumentId> ids =
        ledger().documentsOf(table).stream()
            .sorted()
            .filter(id -> after == null || id.compareTo(after) > 0)
            .limit(limit)
            .toList();
    var documents = ledger().read(Set.copyOf(ids), Set.of()).documents();
    return ids.stream().map(documents::get).toList();
  }

  /** Writes through the sink, as the loop does. */
  private static final class Output implements JobOutput {

    @Override
    public List<Outcome> write(List<ChangeMessage> messages) {
      var reader = server.bean(MessageReader.class);
      return apply(
          messages.stream()
              .map(message -> ((Mapped) reader.read(message, Instant.now()).result()).change())
              .toList());
    }

    @Override
    public List<Outcome> apply(List<DocumentChange> changes) {
      return server.bean(ExclusiveSink.class).apply(changes);
    }
  }

  private static DriftWork work(SourceRows source) {
    var documents =
        new TableDocuments(
            ledger(),
            DriftIT::page,
            server.bean(Store.class).index(),
            server.bean(PresentRenderings.class)::isCurrent);
    return new DriftWork(
        source,
        server.bean(MessageReader.class),
        documents,
        new WatermarkCommits(
            server.bean(CommitWaits.class),
            server.bean(WatermarkTracker.class),
            server.bean(FeedState.class),
            Optional::empty),
        new Output(),
        server.bean(Renderings.class),
        server.bean(DriftResults.class),
        Clock.systemUTC());
  }

  private static Progress check(TableId table, boolean repairs) throws Exception {
    DriftWork work = work(rows);
    JsonNode request =
        MAPPER.createObjectNode().put("table", table.toString()).put("repair", repairs);
    Progress progress = Progress.START;
    for (int step = 0; !progress.ended(); step++) {
      assertThat(step).isLessThan(50);
      progress = work.step(request, progress);
    }
    return progress;
  }

  private static void assertClean(Progress progress) {
    assertThat(progress.counts())
        .containsEntry("missing", 0L)
        .containsEntry("orphaned", 0L)
        .containsEntry("different", 0L)
        .containsEntry("failed", 0L);
  }

  /** Makes the first document missing, the second another, and one more without a row. */
  private static void drift(TableId table, List<DocumentId> ids, Map<String, String> absent)
      throws Exception {
    SourceRows.Page page = behindAllCommits(table, ids);
    assertThat(page.rows()).as(ids.toString()).hasSameSizeAs(ids);
    var output = new Output();
    output.write(List.of(rows.deletion(table, ids.get(0), page.mark())));
    ChangeMessage one =
        page.rows().stream()
            .filter(row -> row.document().equals(ids.get(1)))
            .findFirst()
            .orElseThrow()
            .message();
    output.write(List.of(edited(one, Map.of("title", "A forgery")), edited(one, absent)));
  }

  /** While some transaction is open, a mark may be older than what was committed last. */
  @CanIgnoreReturnValue
  private static SourceRows.Page behindAllCommits(TableId table, List<DocumentId> ids)
      throws Exception {
    Lsn end = rows.end();
    return await()
        .atMost(PATIENCE)
        .until(() -> rows.rows(table, ids), page -> page.mark().compareTo(end) >= 0);
  }

  private static ChangeMessage edited(ChangeMessage message, Map<String, String> columns)
      throws Exception {
    JsonNode envelope = MAPPER.readTree(message.body());
    columns.forEach(((ObjectNode) envelope.path("after"))::put);
    return new ChangeMessage(message.routingKey(), Map.of(), MAPPER.writeValueAsBytes(envelope));
  }

  private static void assertFoundAndRepaired(
      TableId table, List<DocumentId> ids, Map<String, String> absent, String orphan)
      throws Exception {
    drift(table, ids, absent);
    behindAllCommits(table, ids);

    Progress found = check(table, true);

    JsonNode report = found.report();
    assertThat(report.path("basis").asText()).as(report.toString()).isEqualTo("watermark");
    assertThat(examples(report, "missing"))
        .as(report.toString())
        .containsExactly(ids.get(0).joinedKey());
    assertThat(examples(report, "different"))
        .as(report.toString())
        .containsExactly(ids.get(1).joinedKey());
    assertThat(examples(report, "orphaned")).as(report.toString()).containsExactly(orphan);
    assertThat(found.counts()).as(report.toString()).containsEntry("repaired", 3L);
    assertClean(check(table, false));
    assertThat(ledger().documentsOf(table)).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static List<String> examples(JsonNode report, String kind) {
    var examples = new ArrayList<String>();
    report.path(kind).path("examples").forEach(example -> examples.add(example.asText()));
    assertThat(report.path(kind).path("count").asInt()).isEqualTo(examples.size());
    return examples;
  }

  @Test
  void exactlyWhatDiffersIsFoundAndRepairedWhateverTheKey() throws Exception {
    for (int i = 0; i < KEYS.size(); i++) {
      TableId table = table(i);
      awaitDocuments(table, 3);
      List<DocumentId> ids = ledger().documentsOf(table).stream().sorted().toList();
      // As text in the form of the key's type: what no row has, or what no row can have.
      String orphan = i % 4 == 0 ? orphan(table, KEYS.get(i)) : "none of the type";
      assertFoundAndRepaired(table, ids, Map.of("id", orphan), orphan);
    }
    List<DocumentId> pairs = ledger().documentsOf(PAIRS).stream().sorted().toList();
    assertFoundAndRepaired(PAIRS, pairs, Map.of("a", "9"), "9,x\\,2");
  }

  /** Each begins with the key of a row that stays. */
  @Test
  void documentsOfAFormerKeyAreDeletedAndNoOthers() throws Exception {
    awaitDocuments(PAIRS, 3);
    List<DocumentId> ids = ledger().documentsOf(PAIRS).stream().sorted().toList();
    List<String> key = ids.get(0).key();
    SourceRows.Page page = behindAllCommits(PAIRS, ids);
    var present =
        (Upsert)
            ((Mapped)
                    server
                        .bean(MessageReader.class)
                        .read(page.rows().get(0).message(), Instant.now())
                        .result())
                .change();
    var shorter = new DocumentId(PAIRS, List.of(key.get(0)));
    var longer = new DocumentId(PAIRS, List.of(key.get(0), key.get(1), "more"));
    for (DocumentId former : List.of(shorter, longer)) {
      new Output()
          .apply(
              List.of(
                  new Upsert(former, present.mapping(), present.row(), null, present.origin())));
    }
    behindAllCommits(PAIRS, ids);

    Progress found = check(PAIRS, true);

    assertThat(found.counts())
        .as(found.report().toString())
        .containsEntry("orphaned", 2L)
        .containsEntry("repaired", 2L)
        .containsEntry("missing", 0L)
        .doesNotContainKey("phantoms");
    assertClean(check(PAIRS, false));
    assertThat(ledger().documentsOf(PAIRS)).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static String orphan(TableId table, List<String> key) throws Exception {
    source.execute("INSERT INTO %s VALUES ('%s', 'Soon gone')".formatted(table, key.get(4)));
    awaitDocuments(table, 4);
    DocumentId id =
        ledger().documentsOf(table).stream()
            .filter(
                one ->
                    !rowsOf(table, one).rows().isEmpty()
                        && new String(
                                rowsOf(table, one).rows().get(0).message().body(),
                                StandardCharsets.UTF_8)
                            .contains("Soon gone"))
            .findFirst()
            .orElseThrow();
    source.execute("DELETE FROM %s WHERE title = 'Soon gone'".formatted(table));
    awaitDocuments(table, 3);
    return id.key().get(0);
  }

  private static SourceRows.Page rowsOf(TableId table, DocumentId id) {
    try {
      return rows.rows(table, List.of(id));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Connections of the source are ended in the middle, and a document has lost its segments. */
  @Test
  void changesUnderWayAreNoDriftAlsoWhenTheSourceIsAwayMeanwhile() throws Exception {
    var stop = new AtomicBoolean();
    var changes = new AtomicInteger();
    var failure = new AtomicReference<Exception>();
    var writer = new Thread(() -> write(stop, changes, failure));
    writer.start();
    // Before that, its connection has no name yet, and would be ended with those of the source.
    await().until(() -> changes.get() > 0);
    DriftWork work = work(rows);
    JsonNode request = MAPPER.createObjectNode().put("table", BUSY.toString());
    Progress progress = Progress.START;
    int away = 0;
    for (int step = 0; !progress.ended() && step < 60; step++) {
      if (step == 2) {
        source.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                + " current_database() AND pid <> pg_backend_pid() AND application_name <> 'writer'");
      }
      try {
        progress = work.step(request, progress);
      } catch (UnavailableException e) {
        away++;
      }
    }
    stop.set(true);
    writer.join();

    assertThat(failure.get()).isNull();
    assertThat(progress.ended()).as("after %d waits", away).isTrue();
    assertThat(changes.get()).isGreaterThan(5);
    assertClean(progress);
    assertThat(progress.done()).isGreaterThanOrEqualTo(800);
    assertThat(progress.report().path("verifiedThrough").path("lsn").asText()).contains("/");
  }

  private static void write(
      AtomicBoolean stop, AtomicInteger changes, AtomicReference<Exception> failure) {
    try (Connection connection = source.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET application_name = 'writer'");
      while (!stop.get()) {
        int change = changes.incrementAndGet();
        int id = change * 37 % 450 + 1;
        statement.execute("UPDATE busy SET title = 'Chair %d' WHERE id = %d".formatted(change, id));
        statement.execute("DELETE FROM busy WHERE id = " + (id + 7) % 450);
        statement.execute(
            "INSERT INTO busy VALUES (%d, 'New %d') ON CONFLICT DO NOTHING"
                .formatted((id + 7) % 450, change));
        Thread.sleep(40);
      }
    } catch (Exception e) {
      failure.set(e);
    }
  }
}
