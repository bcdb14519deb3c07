package dev.freshet.store.pgvector;

import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.StoreStatus;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the store says when PostgreSQL refuses or is not there. */
class PgvectorFailuresIT {

  private static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);

  private final TestSchema schema = new TestSchema();

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  private PgvectorIndexStore open(String url, String inSchema, EmbeddingSpace space) {
    return PgvectorFactory.open(
        new JdbcConfiguration(url, null, null, inSchema, 4, Duration.ofSeconds(2)), space);
  }

  @Test
  void aTextThatPostgresqlCannotStoreIsRejectedWithoutQuotingIt() throws Exception {
    try (var store = open(Services.jdbcUrl(), schema.name(), SPACE)) {
      var rejected =
          catchThrowableOfType(
              RejectedException.class,
              () -> store.commit(update(writing(product(1), 1).segment("se\0cret", 1, 0, 0))));

      assertThat(rejected.reason()).isEqualTo(RejectionReason.REFUSED_BY_SINK);
      assertThat(trace(rejected)).doesNotContain("cret");
      assertThat(store.read(Set.of(product(1)), Set.of()).documents()).isEmpty();
    }
  }

  private static String trace(Throwable failure) {
    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  @Test
  void aServerThatIsDownMakesTheStoreUnavailableAndNotTheStart() {
    try (var store = open("jdbc:postgresql://127.0.0.1:1/freshet", schema.name(), SPACE)) {
      StoreStatus status = store.status();

      assertThat(status.available()).isFalse();
      assertThat(status.description()).contains("PostgreSQL");
      assertThatExceptionOfType(UnavailableException.class)
          .isThrownBy(() -> store.commit(update(writing(product(1), 1))));
    }
  }

  @Test
  void theUrlAsksForTlsAndNothingElseIsTaken() {
    // The servers of the tests speak no TLS, or have a certificate that this file does not vouch
    // for.
    String url = Services.jdbcUrl() + "&sslmode=verify-full&sslrootcert=/nowhere/ca.pem";
    try (var store = open(url, schema.name(), SPACE)) {
      assertThat(store.status().available()).isFalse();
      assertThat(store.status().description()).contains("SSL");
    }
  }

  @Test
  void anIndexOfAnotherModelIsRefusedAtTheStart() {
    open(Services.jdbcUrl(), schema.name(), SPACE).close();

    for (var other :
        Set.of(new EmbeddingSpace("other-model", 3), new EmbeddingSpace("test-model", 4))) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> open(Services.jdbcUrl(), schema.name(), other).close())
          .withMessageContaining("test-model")
          .withMessageContaining(other.model())
          .withMessageContaining("(" + other.dimension());
    }
  }

  @Test
  void aSchemaMayHaveCapitals() throws Exception {
    String capitals = "IT_" + schema.name();
    try (var store = open(Services.jdbcUrl(), capitals, SPACE);
        var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      store.commit(update(writing(product(1), 1)));

      var rows =
          statement.executeQuery("SELECT joined_key FROM \"" + capitals + "\".freshet_document");
      assertThat(rows.next()).isTrue();
      statement.execute("DROP SCHEMA \"" + capitals + "\" CASCADE");
    }
  }

  /** The race's outcome does not depend on luck here: another transaction is held open. */
  @Test
  void aDocumentThatAnotherTransactionIsInsertingRefusesTheWholeUpdate() throws Exception {
    try (var store = open(Services.jdbcUrl(), schema.name(), SPACE);
        var other = DriverManager.getConnection(Services.jdbcUrl());
        var statement = other.createStatement()) {
      store.commit(update(writing(product(1), 1)));
      statement.execute("SET search_path = " + schema.name());
      other.setAutoCommit(false);
      statement.execute(
          """
          CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT * FROM freshet_document;
          UPDATE copy SET document_id = 'public.products/3', joined_key = '3';
          INSERT INTO freshet_document SELECT * FROM copy
          """);

      var commit =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowable(
                      () ->
                          store.commit(
                              update(
                                  writing(product(2), 1).segment("two", 1, 0, 0),
                                  writing(product(3), 1).segment("three", 1, 0, 0)))));
      await().until(() -> isBlockedBy(statement));
      other.commit();

      assertThat(commit.get(10, SECONDS)).isInstanceOf(ConcurrentUpdateException.class);
      assertThat(store.documentsOf(PRODUCTS)).containsExactly(product(1), product(3));
      assertThat(store.findMatching("two three", SearchScope.everything(5))).isEmpty();
    }
  }

  /** As when it was recorded just after the commit that heals it. */
  @Test
  void aFailureThatIsHealedAndStillRememberedIsNotListed() throws Exception {
    try (var store = open(Services.jdbcUrl(), schema.name(), SPACE);
        var other = DriverManager.getConnection(Services.jdbcUrl());
        var statement = other.createStatement()) {
      store.commit(update(writing(product(1), 5)));
      for (int key = 1; key <= 2; key++) {
        statement.execute(
            """
            INSERT INTO %s.freshet_failure
            VALUES ('public.products/%d', 'public.products', '%d', '%s', 'missing-key', '', now())
            """
                .formatted(schema.name(), key, key, at(5).sortKey()));
      }

      assertThat(store.failures().newest(10))
          .extracting(DocumentFailure::id)
          .containsExactly(product(2));
      assertThat(store.failures().count()).isEqualTo(2);
    }
  }

  private static boolean isBlockedBy(Statement statement) throws SQLException {
    try (var rows =
        statement.executeQuery(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity
                           WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))
            """)) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  @Test
  void aSchemaThatCannotBeSetUpSaysWhy() {
    // HNSW takes at most 2,000 dimensions.
    try (var store = open(Services.jdbcUrl(), schema.name(), new EmbeddingSpace("large", 3_000))) {
      StoreStatus status = store.status();

      assertThat(status.available()).isFalse();
      assertThat(status.description()).contains(schema.name()).contains("2000 dimensions");
    }
  }
}
