package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.Services;
import dev.freshet.support.SharedModel;
import dev.freshet.support.TestSchema;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What jobs cost live changes, and what a changed template costs, on pgvector with the bundled
 * model. Run it with {@code -Dtest=JobsCampaign -Dtest.excluded.groups=}; {@code -Dtest.rows} and
 * {@code -Dtest.seconds} make it shorter.
 */
@Tag("campaign")
class JobsCampaign extends ServedSource {

  private static final int ROWS = Integer.getInteger("test.rows", 20_000);
  private static final int SECONDS = Integer.getInteger("test.seconds", 30);
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final int PRODUCTS = 500;
  private static final int ROUNDS = 4;
  private static final double RATE = 25;
  private static final double PROBES = 4;

  private final TestSchema schema = new TestSchema();

  @Override
  String[] tables() {
    return new String[] {
      "CREATE TABLE products"
          + " (id bigint PRIMARY KEY, title text, description text, price int, stock int)",
      "CREATE TABLE books (id bigint PRIMARY KEY, title text, description text, brand text)",
      "INSERT INTO products SELECT id, 'Product ' || id, 'Something of use to someone.', id, 0"
          + " FROM generate_series(1, "
          + PRODUCTS
          + ") id",
      "INSERT INTO books SELECT id, 'Book sku' || id, 'The ' || id || 'th book of a series, read'"
          + " || ' by many people in the evening.', CASE WHEN id % 2 = 0 THEN 'Brand ' || id END"
          + " FROM generate_series(1, "
          + ROWS
          + ") id"
    };
  }

  @AfterEach
  void dropSchema() throws SQLException {
    stop();
    schema.close();
  }

  private static Map<String, Object> books(String template) {
    return Map.of(
        "freshet.tables.public.products.key",
        "id",
        "freshet.tables.public.books.key",
        "id",
        "freshet.tables.public.books.content",
        template);
  }

  private void serve(Map<String, Object> more, EmbeddingModel model) {
    var properties = new HashMap<>(more);
    properties.put("freshet.store", "pgvector");
    properties.put("freshet.jdbc.url", Services.jdbcUrl());
    properties.put("freshet.jdbc.schema", schema.name());
    properties.put("freshet.capture.snapshot", "never");
    start(properties, (Object) model);
  }

  private JsonNode awaitEnd(String job) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> server.get("/jobs/" + job).json().path("endedAt").isTextual());
    JsonNode ended = server.get("/jobs/" + job).json();
    assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("done");
    return ended;
  }

  /** The same server by turns without and with a job, so that both see the same machine. */
  @ParameterizedTest
  @EnumSource
  void liveChangesKeepTheirTimeBesideABackfill(ProductChanges kind) throws Exception {
    serve(books("{title} {description}"), new RecordingModel());
    patiently().until(() -> source.isCaptured());
    awaitEnd(begin("/backfills?table=public.products"));
    var without = new Latencies();
    var beside = new Latencies();
    String job = begin("/backfills?table=public.books");
    try (var probe = new LatencyProbe(source, server::get, kind, false);
        var writers = new Writers(source, RATE - PROBES, kind.over(PRODUCTS))) {
      for (int round = 0; round < ROUNDS; round++) {
        probe(probe, beside);
        server.post("/jobs/" + job + "/pause", "");
        awaitJob(job, "paused");
        probe(probe, without);
        server.post("/jobs/" + job + "/resume", "");
        awaitJob(job, "running");
      }
      writers.requireHealthy();
      JsonNode state = server.get("/jobs/" + job).json();
      double ratio = (double) beside.percentile(95).toMillis() / without.percentile(95).toMillis();
      System.out.printf(
          "%s, %.0f changes a second: commit to answer p50 / p95 / p99 / max without a job %s ms,"
              + " beside a backfill %s ms, ratio of p95 %.2f; it read %d rows in %d s%n",
          kind,
          writers.sustained(),
          without,
          beside,
          ratio,
          state.path("done").asLong(),
          ROUNDS * SECONDS);
      assertThat(state.path("done").asLong()).isPositive();
      assertThat(ratio).isLessThanOrEqualTo(2);
    }
  }

  private static void probe(LatencyProbe probe, Latencies into) throws Exception {
    probe.forget();
    long next = System.nanoTime();
    long end = next + TimeUnit.SECONDS.toNanos(SECONDS);
    while (next < end) {
      next += (long) (1e9 / PROBES);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      assertThat(probe.measure()).as("found in time").isTrue();
    }
    into.addAll(probe.byClient());
  }

  /** The bundled model, which remembers what it has embedded. */
  private static final class RecordingModel extends SharedModel {

    private final Set<String> texts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger again = new AtomicInteger();
    private final AtomicInteger embedded = new AtomicInteger();

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      for (TextSegment segment : segments) {
        embedded.incrementAndGet();
        if (!texts.add(segment.text())) {
          again.incrementAndGet();
        }
      }
      return super.embedAll(segments);
    }
  }

  @Test
  void aChangedTemplateEmbedsNewTextsOnlyAndSearchesNeverMissADocument() throws Exception {
    var model = new RecordingModel();
    serve(books("{title}\n\n{description}"), model);
    awaitEnd(begin("/backfills?table=public.books"));
    assertThat(model.again).hasValue(0);
    stop();

    serve(books("{title}\n\n{description}\n\n{brand}"), model);
    model.embedded.set(0);
    var ended = new AtomicBoolean();
    var searches = new AtomicInteger();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<List<String>> missed = thread.submit(() -> missed(ended, searches));
    long began = System.nanoTime();
    JsonNode done = awaitEnd(begin("/reindexes?table=public.books"));
    Duration taken = Duration.ofNanos(System.nanoTime() - began);
    ended.set(true);
    thread.shutdown();

    System.out.printf(
        "reindex of %d documents in %d s: %s; %d searches, %d texts were embedded again%n",
        ROWS, taken.toSeconds(), done.path("counts"), searches.get(), model.again.get());
    assertThat(missed.get(60, TimeUnit.SECONDS)).isEmpty();
    assertThat(searches).hasPositiveValue();
    assertThat(model.again).hasValue(0);
    assertThat(model.embedded).hasValue(done.at("/counts/embedded").asInt());
    assertThat(done.at("/counts/rendered").asInt()).isEqualTo(ROWS / 2);
    assertThat(done.at("/counts/unchanged").asInt()).isEqualTo(ROWS - ROWS / 2);
    Awaitility.await("the count follows")
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () ->
                assertThat(server.get("/freshness").json().path("tables"))
                    .isNotEmpty()
                    .allSatisfy(
                        table -> assertThat(table.path("formerDocuments").asInt()).isZero()));
  }

  private List<String> missed(AtomicBoolean ended, AtomicInteger searches) {
    var missed = new ArrayList<String>();
    var random = new Random(7);
    while (!ended.get()) {
      int id = 1 + random.nextInt(ROWS);
      String answer = server.get("/search?mode=keyword&k=1&q=sku" + id).body();
      if (!answer.contains("\"public.books/" + id + "\"")) {
        missed.add(id + ": " + answer);
      }
      searches.incrementAndGet();
    }
    return missed;
  }
}
