package dev.freshet.store.pgvector;

import dev.freshet.DurationText;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the index's PostgreSQL is.
 *
 * @param user may also stand in the URL
 * @param password may also stand in the URL
 * @param schema the schema of Freshet's tables; created when missing
 * @param poolSize the most connections
 * @param timeout how long to wait for a connection, and for any answer
 */
@ConfigurationProperties("freshet.jdbc")
record JdbcConfiguration(
    @Bindable(defaultValue = "jdbc:postgresql://localhost:5432/freshet") String url,
    @Nullable String user,
    @Nullable String password,
    @Bindable(defaultValue = "public") String schema,
    @Bindable(defaultValue = "8") int poolSize,
    @Bindable(defaultValue = "30s") Duration timeout) {

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(250);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);

  JdbcConfiguration {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "freshet.jdbc.url (FRESHET_JDBC_URL) must begin with jdbc:postgresql:");
    }
    if (!schema.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "freshet.jdbc.schema is '" + schema + "'; use letters, digits and underscores");
    }
    if (poolSize < 2) {
      throw new IllegalArgumentException("freshet.jdbc.pool-size must be at least 2");
    }
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "freshet.jdbc.timeout (FRESHET_JDBC_TIMEOUT) is %s; use 250ms to 24h"
              .formatted(DurationText.of(timeout)));
    }
  }

  /** Without the password, so that the record can be logged. */
  @Override
  public String toString() {
    return "JdbcConfiguration[schema=" + schema + ", poolSize=" + poolSize + "]";
  }
}
