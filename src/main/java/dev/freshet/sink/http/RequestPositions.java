package dev.freshet.sink.http;

import dev.freshet.ledger.NoteLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Numbers the requests, so that the service can tell which of two about a document is the newer
 * one: a request that was given up may still arrive, behind a later one. The numbers rise across
 * restarts, whatever the clock does, and with the clock also where the ledger is lost. For one
 * thread.
 */
final class RequestPositions {

  private static final String NAME = "http.position";

  /** What one note is good for, so that it is written seldom. */
  private static final long RESERVED = Duration.ofMinutes(1).toNanos() / 1_000;

  private final NoteLedger notes;
  private final Clock clock;
  private long last;
  private long reserved;

  RequestPositions(NoteLedger notes, Clock clock) {
    this.notes = notes;
    this.clock = clock;
    this.reserved = notes.read(NAME).map(text -> Long.parseLong(text, 16)).orElse(0L);
    this.last = reserved;
  }

  /** The next one: 16 hexadecimal digits, which sort as texts do. */
  String next() {
    last = Math.max(last + 1, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    if (last > reserved) {
      notes.write(NAME, text(last + RESERVED));
      reserved = last + RESERVED;
    }
    return text(last);
  }

  private static String text(long position) {
    return "%016x".formatted(position);
  }
}
