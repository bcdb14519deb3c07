package dev.freshet.capture;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A logical message that carries this JVM's time through the source's log. When it comes back,
 * everything that was committed before that time has come.
 */
final class Heartbeat {

  /** That of the heartbeats that {@code docs/debezium.md} lets Debezium Server write. */
  static final String PREFIX = "heartbeat";

  /** In bytes: a run and a time. */
  static final int LONGEST = 100;

  private static final String EMIT = "SELECT pg_logical_emit_message(true, '" + PREFIX + "', ?)";

  /** So many intervals an echo may take; it is seconds with the usual one. */
  private static final int PATIENCE = 3;

  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(5);

  private final String run = UUID.randomUUID().toString();
  private final Duration interval;
  private final Clock clock;
  private volatile @Nullable Instant echoed;

  Heartbeat(Duration interval, Clock clock) {
    this.interval = interval;
    this.clock = clock;
  }

  void send(Connection source) throws SQLException {
    try (var statement = source.prepareStatement(EMIT)) {
      statement.setString(1, run + " " + clock.millis());
      statement.execute();
    }
  }

  /** A message came back; those of other writers, and of other runs, prove nothing here. */
  void echo(String content) {
    if (content.matches(run + " \\d{1,15}")) {
      Instant written = Instant.ofEpochMilli(Long.parseLong(content.substring(run.length() + 1)));
      echoed = written.isAfter(clock.instant()) ? echoed : written;
    }
  }

  /** Nothing that was written before counts. */
  void forget() {
    echoed = null;
  }

  /** Before when everything has come; empty while that is long ago, or not known. */
  Optional<Instant> current() {
    Duration patience = interval.multipliedBy(PATIENCE);
    Duration most = patience.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : patience;
    return Optional.ofNullable(echoed).filter(time -> time.plus(most).isAfter(clock.instant()));
  }
}
