package dev.freshet.source.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.CapturedLog;
import dev.freshet.support.Services;
import dev.freshet.support.TcpProxy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Nudges on a real PostgreSQL. */
class PostgresNudgeIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final String name = "freshet-" + UUID.randomUUID();

  private PostgresNudge nudge(String url) {
    String named = url + "&ApplicationName=" + name;
    var configuration = new SourceConnectionConfiguration(named, null, null, true);
    return new PostgresNudge(new SourceConnection(configuration), registry, Clock.systemUTC());
  }

  private double count(String outcome) {
    return registry.get("freshet.source.nudges").tag("outcome", outcome).counter().count();
  }

  /** Asks the source something as its administrator. */
  private static String ask(String sql, String parameter) throws SQLException {
    try (Connection connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private String connections() throws SQLException {
    return ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = ?", name);
  }

  @Test
  void whatIsNudgedCommitsAfterWhatWasCommittedBefore() throws Exception {
    String before = ask("SELECT pg_current_wal_lsn()::text WHERE ? <> ''", "x");
    Instant start = Instant.now();
    try (var nudge = nudge(Services.jdbcUrl())) {
      assertThat(nudge.lastSent()).isEmpty();

      nudge.nudge();

      await().atMost(PATIENCE).until(() -> count("sent") == 1);
      assertThat(nudge.lastSent().orElseThrow()).isBetween(start, Instant.now());
      // Flushed, so that whoever captures it sees it at once.
      assertThat(ask("SELECT pg_current_wal_flush_lsn() > ?::pg_lsn", before)).isEqualTo("t");
    }
  }

  @Test
  void manyWhoAskShareFewNudgesAndOneConnection() throws Exception {
    try (var nudge = nudge(Services.jdbcUrl())) {
      for (int i = 0; i < 1_000; i++) {
        nudge.nudge();
      }
      double soFar = count("sent");
      nudge.nudge();
      await().atMost(PATIENCE).until(() -> count("sent") > soFar);

      assertThat(count("sent")).isLessThan(20);
      assertThat(count("failed")).isZero();
      assertThat(connections()).isEqualTo("1");
    }
    await().atMost(PATIENCE).until(() -> connections().equals("0"));
  }

  @Test
  void aConnectionThatTheServerEndedIsOpenedAnew() throws Exception {
    try (var nudge = nudge(Services.jdbcUrl())) {
      nudge.nudge();
      await().atMost(PATIENCE).until(() -> count("sent") == 1);
      ask(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?",
          name);

      nudge.nudge();

      await().atMost(PATIENCE).until(() -> count("sent") == 2);
      assertThat(count("failed")).isZero();
    }
  }

  @Test
  void aSourceThatIsAwayIsToldOnceAndNudgedAgainWhenItIsBack() throws Exception {
    var server = URI.create(Services.jdbcUrl().substring("jdbc:".length()));
    try (var log = CapturedLog.open();
        var proxy = new TcpProxy(server.getHost(), server.getPort());
        var nudge =
            nudge(
                Services.jdbcUrl()
                    .replace(server.getAuthority(), proxy.host() + ":" + proxy.port()))) {
      proxy.refuse();
      for (int failures = 1; failures <= 3; failures++) {
        int expected = failures;
        nudge.nudge();
        await().atMost(PATIENCE).until(() -> count("failed") == expected);
      }
      assertThat(nudge.lastSent()).isEmpty();
      assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
      assertThat(log.lines()).noneMatch(line -> line.contains("password"));

      proxy.resume();
      nudge.nudge();
      await().atMost(PATIENCE).until(() -> count("sent") == 1);
    }
  }
}
