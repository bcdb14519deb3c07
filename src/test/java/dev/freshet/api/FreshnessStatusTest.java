package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.Cause;
import dev.freshet.api.FreshnessStatus.Word;
import dev.freshet.feed.FeedPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FreshnessStatusTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

  private @Nullable Long lag = 0L;
  private @Nullable Long pending = 0L;
  private @Nullable Long letters = 0L;
  private @Nullable Long failed = 0L;
  private @Nullable Instant silentSince;
  private @Nullable String note;
  private List<Alarm> alarms = List.of();
  private FeedPhase phase = FeedPhase.FOLLOWS;
  private String feed = "the log is read";
  private @Nullable Duration waiting;
  private @Nullable Duration took;
  private long settled;

  private FreshnessStatus status() {
    var freshness =
        new FreshnessBlock(
            "0/16B3748", NOW, true, lag, pending, letters, failed, silentSince, note);
    return FreshnessStatus.of(
        new FreshnessStatus.Seen(
            freshness, alarms, phase, feed, waiting, took, settled, Duration.ofSeconds(5), NOW));
  }

  private void raise(Cause... causes) {
    alarms =
        Arrays.stream(causes)
            .map(cause -> new Alarm(cause, NOW, "this is wrong: " + cause.label(), "mend it"))
            .toList();
  }

  private void expect(Word word, String figure) {
    FreshnessStatus status = status();
    assertThat(status.word()).as(status.toString()).isEqualTo(word);
    assertThat(status.figure()).isEqualTo(figure);
    assertThat(status.reason()).isNotBlank();
  }

  @Test
  void freshNamesHowLongTheNewestChangesTook() {
    took = Duration.ofMillis(251);
    expect(Word.FRESH, "0.3 s");
    assertThat(status().reason()).contains("within 0.3 s of their commit");
    assertThat(status().remedy()).isNull();
  }

  @Test
  void freshWithoutANewChangeSaysThatNothingWaits() {
    expect(Word.FRESH, "nothing waits");
  }

  @Test
  void whatWaitsForLessThanTheTargetIsFreshAndCounts() {
    pending = 3L;
    lag = 2_000L;
    took = Duration.ofMillis(40);
    expect(Word.FRESH, "2.0 s");
    assertThat(status().reason()).isEqualTo("3 messages wait, for 2.0 s at most");
  }

  @Test
  void aFirstChangeAfterAQuietHourHasNotWaitedForAnHour() {
    pending = 1L;
    lag = 3_600_000L;
    waiting = Duration.ofMillis(700);
    expect(Word.FRESH, "0.7 s");
  }

  @Test
  void anExceptionIsToldWithTheWord() {
    failed = 2L;
    assertThat(status().reason()).endsWith("except 2 that were given up");
    failed = 1L;
    assertThat(status().reason()).endsWith("except 1 that was given up");
  }

  @Test
  void whatWaitsForLongerThanTheTargetLags() {
    pending = 12L;
    lag = 41_000L;
    waiting = Duration.ofMinutes(2);
    expect(Word.LAGGING, "41 s");
    assertThat(status().reason())
        .isEqualTo("12 messages wait, for 41 s at most; the target is 5.0 s");
  }

  @Test
  void aSlowWayLagsEvenIfNothingWaitsHere() {
    took = Duration.ofSeconds(9);
    expect(Word.LAGGING, "9.0 s");
    assertThat(status().reason()).contains("the target is 5.0 s");
  }

  @Test
  void manyChangesThatWaitForLongAreBehind() {
    pending = 12_400L;
    lag = 41_000L;
    expect(Word.BEHIND, "12,400 messages waiting");
    lag = 4_000L;
    expect(Word.FRESH, "4.0 s");
  }

  @Test
  void changesOfUnknownAgeAreBehind() {
    pending = 1L;
    lag = null;
    note = "messages wait, and none that says when it was committed has been applied yet";
    expect(Word.BEHIND, "1 message waiting");
    assertThat(status().reason()).isEqualTo(note);
  }

  @Test
  void theFirstChangeEverWaitsSinceNothingDid() {
    pending = 1L;
    lag = null;
    waiting = Duration.ofMillis(300);
    expect(Word.FRESH, "0.3 s");
    waiting = Duration.ofSeconds(8);
    expect(Word.LAGGING, "8.0 s");
  }

  @Test
  void aSourceThatSendsNothingIsQuiet() {
    lag = null;
    silentSince = NOW.minusSeconds(240);
    note = "nothing has come from the source since then";
    expect(Word.QUIET, "nothing for 4 min");
    assertThat(status().reason()).isEqualTo(note);
    silentSince = null;
    expect(Word.QUIET, "nothing came yet");
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void noAlarmThatDelaysChangesIsFreshOrQuiet(Cause cause) {
    took = Duration.ofMillis(10);
    raise(cause);
    if (cause.delaysChanges()) {
      assertThat(status().word()).isEqualTo(Word.STUCK);
      assertThat(status().reason()).isEqualTo("this is wrong: " + cause.label());
      assertThat(status().remedy()).isEqualTo("mend it");
    } else {
      assertThat(status().word()).isIn(Word.FRESH, Word.UNKNOWN);
    }
  }

  @Test
  void whatExplainsOthersIsTheReason() {
    raise(Cause.FEED_DISCONNECTED, Cause.HEARTBEAT_STOPPED);
    pending = null;
    lag = null;
    expect(Word.STUCK, "the feed is not connected");
  }

  @Test
  void whileTheFirstRowsAreReadChangesAreBehindThem() {
    phase = FeedPhase.READS_FIRST_ROWS;
    pending = null;
    settled = 100;
    expect(Word.BEHIND, "reading the rows that are there");
    raise(Cause.INDEX_SILENT);
    expect(Word.STUCK, "the index does not answer");
  }

  /** The source's clock is ahead: what it says of the age is of no use. */
  @Test
  void anAgeOfNothingDoesNotHideHowLongChangesWait() {
    pending = 7L;
    lag = 0L;
    waiting = Duration.ofSeconds(100);
    expect(Word.LAGGING, "100 s");
    waiting = null;
    expect(Word.BEHIND, "7 messages waiting");
  }

  @Test
  void freshTellsOfChangesThatWereGivenUpAndBelongToNoDocument() {
    letters = 3L;
    assertThat(status().reason()).endsWith("except 3 that were given up");
  }

  @Test
  void anInstanceThatStandsByDoesNotKnowAndIsNotStuck() {
    pending = null;
    lag = null;
    phase = FeedPhase.STANDS_BY;
    feed = "another instance reads the slot 'freshet'; this one stands by";
    expect(Word.UNKNOWN, "this instance stands by");
    assertThat(status().reason()).startsWith(feed);
    raise(Cause.INDEX_SILENT);
    expect(Word.STUCK, "the index does not answer");
  }

  @Test
  void whatIsNotKnownIsNeverFresh() {
    pending = null;
    lag = null;
    expect(Word.UNKNOWN, "what waits is not known");
    took = Duration.ofMillis(10);
    expect(Word.UNKNOWN, "what waits is not known");
  }

  @Test
  void aFeedThatDoesNotSayWhatWaitsIsNotStuckWhileChangesCome() {
    pending = null;
    lag = null;
    raise(Cause.FEED_SILENT);
    expect(Word.STUCK, "the feed does not answer");
    settled = 40;
    expect(Word.UNKNOWN, "what waits is not known");
    took = Duration.ofSeconds(30);
    expect(Word.LAGGING, "30 s");
  }

  @Test
  void whereChangesMayBeMissingNobodySaysFresh() {
    raise(Cause.WATERMARK_INEXACT);
    expect(Word.UNKNOWN, "changes may be missing");
    raise(Cause.CANARY_FAILING);
    expect(Word.UNKNOWN, "a probe was not found in time");
  }

  @Test
  void deadLettersDoNotStopTheOthers() {
    raise(Cause.DEAD_LETTERS, Cause.UNROUTED);
    expect(Word.FRESH, "nothing waits");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "42, 42 ms",
    "100, 0.1 s",
    "101, 0.2 s",
    "9900, 9.9 s",
    "9901, 10 s",
    "41000, 41 s",
    "119001, 2 min",
    "120001, 3 min",
    "7200000, 2 h",
    "172800000, 2 days"
  })
  void aFigureIsNeverBetterThanWhatWasMeasured(long millis, String said) {
    assertThat(FreshnessStatus.figure(Duration.ofMillis(millis))).isEqualTo(said);
  }
}
