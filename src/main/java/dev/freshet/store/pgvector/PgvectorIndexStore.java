package dev.freshet.store.pgvector;

import com.zaxxer.hikari.HikariDataSource;
import dev.freshet.FreshetException;
import dev.freshet.MisconfiguredException;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DeadLetterLedger;
import dev.freshet.ledger.FailureLedger;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.LedgerView;
import dev.freshet.ledger.NoteLedger;
import dev.freshet.ledger.StoreStatus;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.TableCoverage;
import dev.freshet.ledger.WatermarkLedger;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import dev.freshet.words.Words;
import dev.langchain4j.data.embedding.Embedding;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store on PostgreSQL with pgvector. */
final class PgvectorIndexStore implements IndexStore {

  private static final Logger LOG = LoggerFactory.getLogger(PgvectorIndexStore.class);

  private static final Duration STRAGGLERS = Duration.ofMinutes(5);

  static final String DOCUMENTS =
      """
      SELECT d.table_name, d.joined_key, d.deleted, d.position, d.tx_id, d.committed_at,
        d.captured_at, d.received_at, d.columns, d.version, d.past, d.revision, d.content_hash,
        d.metadata_hash, d.rendered_by, d.indexed_at, d.embedded_at, d.embedded
      FROM freshet_document d
      """;

  private final HikariDataSource dataSource;
  private final Schema schema;
  private final Jdbi jdbi;
  private final ScheduledExecutorService stragglers =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "freshet-words");
            thread.setDaemon(true);
            return thread;
          });
  private final WordStatistics words = new WordStatistics();

  /** A table's name comes from outside: many would fill the memory. */
  private static final int MOST_TABLES = 10_000;

  /** Those that have a row. */
  private final Set<TableId> tables = ConcurrentHashMap.newKeySet();

  PgvectorIndexStore(HikariDataSource dataSource, Schema schema) {
    this.dataSource = dataSource;
    this.schema = schema;
    this.jdbi =
        Jdbi.create(dataSource)
            .registerArrayType(String.class, "text")
            // The distance operator <=> is no template.
            .configure(SqlStatements.class, sql -> sql.setTemplateEngine(TemplateEngine.NOP));
  }

  /**
   * Sets up the schema at once where PostgreSQL answers; else the first use does.
   *
   * @throws MisconfiguredException when the index holds the vectors of another model, or PostgreSQL
   *     must be changed first
   */
  void start() {
    try {
      schema.require(jdbi);
    } catch (JdbiException | UnavailableException e) {
      LOG.warn(
          "The index is not there yet and is awaited: {}{}",
          SqlFailures.reason(e),
          SqlFailures.advice(SqlFailures.state(e).orElse(null)));
    }
    long minutes = STRAGGLERS.toMinutes();
    var unused =
        stragglers.scheduleWithFixedDelay(this::renewWords, minutes, minutes, TimeUnit.MINUTES);
  }

  /** An older instance that still runs beside this one writes segments without words. */
  private void renewWords() {
    try {
      if (schema.isReady()) {
        new WordRenewal(jdbi).run();
      }
    } catch (JdbiException e) {
      LOG.warn("The words of the index were not renewed: {}", SqlFailures.reason(e));
    }
  }

  private void requireSchema() {
    try {
      schema.require(jdbi);
    } catch (MisconfiguredException e) {
      // Found only now: no change may be lost, and none may be written.
      throw new UnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public LedgerView read(Set<DocumentId> documents, Set<TableId> tables) {
    return inTransaction(
        handle -> new LedgerView(documents(handle, documents), truncations(handle, tables)));
  }

  private static Map<DocumentId, StoredDocument> documents(Handle handle, Set<DocumentId> ids) {
    var documents = new HashMap<DocumentId, StoredDocument>();
    handle
        .createQuery(DOCUMENTS + "WHERE d.document_id = ANY(:ids)")
        .bindArray("ids", String.class, ids.stream().map(DocumentId::toString).toList())
        .map((row, context) -> Rows.document(row))
        .forEach(document -> documents.put(document.state().id(), document));
    return documents;
  }

  private static Map<TableId, Position> truncations(Handle handle, Set<TableId> tables) {
    var truncations = new HashMap<TableId, Position>();
    handle
        .createQuery(
            """
            SELECT table_name, truncated_at FROM freshet_table
            WHERE table_name = ANY(:tables) AND truncated_at IS NOT NULL
            """)
        .bindArray("tables", String.class, tables.stream().map(TableId::toString).toList())
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(
            row -> truncations.put(TableId.parse(row.getKey()), Position.parse(row.getValue())));
    return truncations;
  }

  @Override
  public List<DocumentId> documentsOf(TableId table) {
    return inTransaction(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT table_name, joined_key FROM freshet_document
                    WHERE table_name = :table AND NOT deleted ORDER BY document_id
                    """)
                .bind("table", table.toString())
                .map((row, context) -> Rows.documentId(row))
                .list());
  }

  @Override
  public void commit(StoreUpdate update) throws ConcurrentUpdateException {
    try {
      requireSchema();
      requireTables(update.ledger());
      jdbi.useTransaction(handle -> new Commit(handle, update).run());
    } catch (JdbiException e) {
      if (SqlFailures.isConcurrentUpdate(e)) {
        throw new ConcurrentUpdateException("another transaction was in the way");
      }
      throw SqlFailures.translate(e);
    }
  }

  /** In a transaction of its own: a long commit would lock out the table's other writers. */
  private void requireTables(LedgerUpdate update) {
    Set<TableId> unknown = update.tables();
    unknown.removeAll(tables);
    if (!unknown.isEmpty()) {
      jdbi.useTransaction(handle -> Commit.addTables(handle, unknown));
      if (tables.size() > MOST_TABLES) {
        tables.clear();
      }
      tables.addAll(unknown);
    }
  }

  @Override
  public int forgetTombstones(Instant deletedBefore) {
    return inTransaction(
        handle ->
            handle
                .createUpdate("DELETE FROM freshet_document WHERE deleted AND indexed_at < :before")
                .bind("before", deletedBefore.atOffset(ZoneOffset.UTC))
                .execute());
  }

  @Override
  public List<StoredDocument> withPast(Instant indexedBefore, int limit) {
    return inTransaction(
        handle ->
            handle
                .createQuery(DOCUMENTS + "WHERE d.has_past AND d.indexed_at < :before LIMIT :limit")
                .bind("before", indexedBefore.atOffset(ZoneOffset.UTC))
                .bind("limit", limit)
                .map((row, context) -> Rows.document(row))
                .list());
  }

  @Override
  public List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit) {
    return inTransaction(handle -> new DocumentPages(handle, table).all(after, limit));
  }

  @Override
  public List<StoredDocument> renderedBy(
      TableId table, Rendering rendering, @Nullable DocumentId after, int limit) {
    return inTransaction(
        handle -> new DocumentPages(handle, table).renderedBy(rendering, after, limit));
  }

  @Override
  public Map<Rendering, Long> renderings(TableId table, Set<Rendering> except) {
    return inTransaction(handle -> new DocumentPages(handle, table).renderings(except));
  }

  @Override
  public List<TableCoverage> coverage() {
    return inTransaction(CoverageQuery::run);
  }

  @Override
  public List<Hit> findNearest(Embedding embedding, SearchScope scope, boolean exact) {
    return inTransaction(handle -> new SegmentQuery(handle, scope).nearest(embedding, exact));
  }

  @Override
  public List<Hit> findMatching(String text, SearchScope scope) {
    return inTransaction(handle -> new SegmentQuery(handle, scope).matching(words(text, handle)));
  }

  @Override
  public EmbeddingSpace space() {
    return schema.space();
  }

  @Override
  public Map<DocumentId, List<UUID>> segmentsOf(Set<DocumentId> documents) {
    return inTransaction(handle -> SegmentRows.of(handle, documents));
  }

  @Override
  public Map<TableId, Long> count() {
    return inTransaction(SegmentRows::count);
  }

  @Override
  public List<DocumentMetadata> metadata(List<DocumentId> documents, MetadataSelection selection) {
    return inTransaction(handle -> new MetadataRows(handle, selection).read(documents));
  }

  @Override
  public long countNearer(Embedding embedding, SearchScope scope, double score) {
    return inTransaction(handle -> new SegmentQuery(handle, scope).countNearer(embedding, score));
  }

  @Override
  public long countMatchingBetter(String text, SearchScope scope, double score) {
    return inTransaction(
        handle -> new SegmentQuery(handle, scope).countMatchingBetter(words(text, handle), score));
  }

  private WordRanking words(String text, Handle handle) {
    return new WordRanking(words.of(Words.toFind(text), handle));
  }

  @Override
  public DeadLetterLedger deadLetters() {
    return new PgvectorDeadLetters(this);
  }

  @Override
  public NoteLedger notes() {
    return new PgvectorNotes(this);
  }

  @Override
  public StoreStatus status() {
    try {
      new Probe(dataSource).run();
      inTransaction(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
      return new StoreStatus(true, "PostgreSQL answers");
    } catch (SQLException e) {
      return new StoreStatus(false, String.valueOf(SqlFailures.translate(e).getMessage()));
    } catch (FreshetException e) {
      return new StoreStatus(false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public @Nullable String schemaVersion() {
    return schema.version();
  }

  @Override
  public FailureLedger failures() {
    return new PgvectorFailures(this);
  }

  @Override
  public WatermarkLedger watermarks() {
    return new PgvectorWatermarks(this);
  }

  <T> T inTransaction(HandleCallback<T, RuntimeException> work) {
    try {
      requireSchema();
      return jdbi.inTransaction(work);
    } catch (JdbiException e) {
      throw SqlFailures.translate(e);
    }
  }

  @Override
  public void close() {
    stragglers.shutdownNow();
    dataSource.close();
  }
}
