package dev.freshet.store.pgvector;

import dev.freshet.MisconfiguredException;
import dev.freshet.UnavailableException;
import dev.freshet.index.EmbeddingSpace;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates and upgrades the tables by Flyway, once, as soon as PostgreSQL is there. */
final class Schema {

  private static final Duration RENEWAL_RETRY = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  /** The index holds the vectors of another model, which must not be mixed with ours. */
  static final class OtherSpaceException extends MisconfiguredException {

    private static final long serialVersionUID = 1L;

    OtherSpaceException(String message) {
      super(message);
    }
  }

  private static final String EXTENSION_SCHEMA = "public";

  private final DataSource dataSource;
  private final String name;
  private final EmbeddingSpace space;
  private volatile boolean ready;
  private volatile @Nullable String version;
  private volatile @Nullable WordRenewal renewal;

  Schema(DataSource dataSource, String name, EmbeddingSpace space) {
    this.dataSource = dataSource;
    this.name = name;
    this.space = space;
  }

  EmbeddingSpace space() {
    return space;
  }

  /**
   * Makes sure that the tables are there and hold vectors of this model.
   *
   * @throws UnavailableException when they are not; a later call tries again
   * @throws MisconfiguredException when they hold those of another, or PostgreSQL must be changed
   *     first; a later call looks again
   */
  void require(Jdbi jdbi) {
    if (!ready) {
      requireNoRenewal();
      migrate(jdbi);
    }
  }

  boolean isReady() {
    return ready;
  }

  /** The newest migration that was applied; null before {@link #require}. */
  @Nullable String version() {
    return version;
  }

  /** Nobody waits for it: it takes minutes in a large index. */
  private void requireNoRenewal() {
    WordRenewal running = renewal;
    if (running != null) {
      throw new UnavailableException(
          "Freshet renews the words of the index, once after an upgrade; %d segments are done"
              .formatted(running.renewed()),
          RENEWAL_RETRY);
    }
  }

  private synchronized void migrate(Jdbi jdbi) {
    if (ready) {
      return;
    }
    requireExtension(jdbi);
    try {
      MigrateResult migrated = flyway().migrate();
      if (migrated.migrationsExecuted > 0) {
        LOG.info("Schema '{}' is migrated to version {}", name, migrated.targetSchemaVersion);
        version = migrated.targetSchemaVersion;
      } else {
        version = migrated.initialSchemaVersion;
      }
    } catch (FlywayException e) {
      throw SetupFault.ofTables(e, name)
          .<RuntimeException>map(fault -> fault)
          .orElseGet(
              () ->
                  new UnavailableException(
                      "the index's schema '"
                          + name
                          + "' cannot be set up: "
                          + SqlFailures.reason(e),
                      e));
    }
    requireSameSpace(jdbi);
    renewWords(jdbi);
    ready = true;
    LOG.info("The index stands in PostgreSQL's schema '{}'", name);
  }

  /** Before anything is searched: a search by words must not miss what the index holds. */
  private void renewWords(Jdbi jdbi) {
    var words = new WordRenewal(jdbi);
    renewal = words;
    try {
      words.run();
    } finally {
      renewal = null;
    }
  }

  /** Created only where it is missing: the role that Freshet uses need not be allowed to. */
  private void requireExtension(Jdbi jdbi) {
    try {
      jdbi.useHandle(
          handle -> {
            Optional<String> schema = extensionSchema(handle);
            if (schema.isEmpty()) {
              handle.execute("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public");
            } else if (!schema.get().equals(EXTENSION_SCHEMA) && !schema.get().equals(name)) {
              throw SetupFault.ofExtensionIn(schema.get());
            }
          });
    } catch (JdbiException e) {
      throw SetupFault.ofExtension(e).<RuntimeException>map(fault -> fault).orElse(e);
    }
  }

  private static Optional<String> extensionSchema(Handle handle) {
    return handle
        .createQuery(
            "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
                + " WHERE extname = 'vector'")
        .mapTo(String.class)
        .findOne();
  }

  private Flyway flyway() {
    return Flyway.configure()
        .dataSource(dataSource)
        .schemas(name)
        .defaultSchema(name)
        .table("freshet_schema_history")
        .locations("classpath:db/migration")
        .javaMigrations(new MetadataMigration())
        // An upgrade that fails leaves what the former version can use.
        .group(true)
        // The schema may hold the tables of others.
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .placeholders(
            Map.of(
                "model", space.model().replace("'", "''"),
                "dimension", String.valueOf(space.dimension())))
        .load();
  }

  private void requireSameSpace(Jdbi jdbi) {
    EmbeddingSpace recorded =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery("SELECT model, dimension FROM freshet_index")
                    .map(
                        (row, context) ->
                            new EmbeddingSpace(row.getString("model"), row.getInt("dimension")))
                    .one());
    if (!recorded.equals(space)) {
      throw new OtherSpaceException(
          "the index in schema '%s' holds vectors of %s (%d dimensions), not of %s (%d); name another"
                  .formatted(
                      name,
                      recorded.model(),
                      recorded.dimension(),
                      space.model(),
                      space.dimension())
              + " schema in freshet.jdbc.schema and index again, or go back to the former model");
    }
  }
}
