package dev.freshet.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.support.InMemoryNotes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestPositionsTest {

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final InMemoryNotes notes = new InMemoryNotes();

  private RequestPositions at(Instant now) {
    return new RequestPositions(notes, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void theySortAsTextsInTheOrderOfTheRequests() {
    RequestPositions positions = at(NOW);

    assertThat(Stream.generate(positions::next).limit(1_000))
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(position -> position.matches("[0-9a-f]{16}"));
  }

  @Test
  void aRestartGoesOnAboveWhateverTheClockSays() {
    String before = at(NOW).next();
    String withTheClockSetBack = at(NOW.minus(Duration.ofDays(365))).next();
    String afterwards = at(NOW).next();

    assertThat(withTheClockSetBack).isGreaterThan(before);
    assertThat(afterwards).isGreaterThan(withTheClockSetBack);
  }

  @Test
  void aLostLedgerStartsAboveByTheClock() {
    String before = at(NOW).next();

    var afresh =
        new RequestPositions(new InMemoryNotes(), Clock.offset(fixed(), Duration.ofMinutes(2)));

    assertThat(afresh.next()).isGreaterThan(before);
  }

  private static Clock fixed() {
    return Clock.fixed(NOW, ZoneOffset.UTC);
  }

  @Test
  void aNoteIsWrittenSeldom() {
    RequestPositions positions = at(NOW);
    positions.next();
    var noted = notes.startingWith("");

    Stream.generate(positions::next).limit(10_000).forEach(position -> {});

    assertThat(notes.startingWith("")).isEqualTo(noted);
  }
}
