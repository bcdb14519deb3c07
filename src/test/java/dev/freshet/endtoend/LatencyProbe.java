package dev.freshet.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.FreshetServer.Answer;
import dev.freshet.support.SourceDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * An application that changes one row of its own, and measures how long each commit takes until a
 * search shows it: by the source's commit time and the index's, and by its own watch, from the
 * commit's return to the answer of a search that waits for it.
 */
final class LatencyProbe implements AutoCloseable {

  private static final long ID = 1_000_000;

  private final Connection connection;
  private final Function<String, Answer> freshet;
  private final ProductChanges kind;
  private final boolean nudging;
  private Latencies bySource = new Latencies();
  private Latencies byClient = new Latencies();
  private int changes;

  /**
   * @param nudging whether it writes a logical message after each commit, for want of other writers
   */
  LatencyProbe(
      SourceDatabase source, Function<String, Answer> freshet, ProductChanges kind, boolean nudging)
      throws SQLException {
    this.connection = source.connect();
    this.freshet = freshet;
    this.kind = kind;
    this.nudging = nudging;
    execute("INSERT INTO products VALUES (%d, 'probe', 'The text.', 1, 0)".formatted(ID));
  }

  Latencies bySource() {
    return bySource;
  }

  Latencies byClient() {
    return byClient;
  }

  /** Begins anew; what was measured before is gone. */
  void forget() {
    bySource = new Latencies();
    byClient = new Latencies();
  }

  /**
   * Changes the row and waits for it.
   *
   * @return whether it came in time; where it did not, nothing is measured
   */
  boolean measure() throws SQLException {
    changes++;
    execute(
        "UPDATE products SET stock = %d%s WHERE id = %d"
            .formatted(
                changes,
                kind == ProductChanges.NEW_TEXT ? ", description = 'The text " + changes + "'" : "",
                ID));
    long committed = System.nanoTime();
    String token = token();
    Answer answer =
        freshet.apply(
            "/search?mode=keyword&q=probe&timeout=30s&minLsn=%s&filter=%s"
                .formatted(
                    FreshetServer.encode(token), FreshetServer.encode("stock = " + changes)));
    Duration waited = Duration.ofNanos(System.nanoTime() - committed);
    if (answer.status() == 504) {
      return false;
    }
    if (answer.status() != 200 || answer.json().path("hits").size() != 1) {
      throw new AssertionError("change %d is not found: %s".formatted(changes, answer));
    }
    byClient.add(waited);
    JsonNode hit = answer.json().path("hits").get(0);
    bySource.add(
        Duration.between(
            Instant.parse(hit.path("committedAt").asText()),
            Instant.parse(hit.path("indexedAt").asText())));
    return true;
  }

  private String token() throws SQLException {
    try (var statement = connection.createStatement()) {
      String token;
      try (ResultSet rows = statement.executeQuery("SELECT pg_current_wal_lsn()")) {
        rows.next();
        token = rows.getString(1);
      }
      if (nudging) {
        statement.execute("SELECT pg_logical_emit_message(true, 'freshet', '')");
      }
      return token;
    }
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
