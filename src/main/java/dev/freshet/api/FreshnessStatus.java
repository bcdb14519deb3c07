package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.Cause;
import dev.freshet.feed.FeedPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fresh or not, in one word. It is never better than what is known: where that is not enough, it is
 * {@link Word#UNKNOWN}.
 *
 * @param figure the one figure that belongs to the word, as people read it
 * @param reason one sentence on why it is this word
 * @param remedy one sentence on the way out; null where nothing needs mending
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record FreshnessStatus(Word word, String figure, String reason, @Nullable String remedy) {

  /** With so many messages waiting, their number says more than their age. */
  private static final long MANY = 1_000;

  /** The words, worst first. */
  enum Word {
    /** A committed change does not become searchable until somebody mends something. */
    STUCK,
    /** Many messages wait, or none says how old it is. */
    BEHIND,
    /** Changes become searchable later than the target. */
    LAGGING,
    /** What is known is not enough to say. */
    UNKNOWN,
    /** Nothing waits, and nothing shows whether the source still sends. */
    QUIET,
    /** Changes become searchable within the target. */
    FRESH;

    /** The word in answers. */
    @JsonValue
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is seen at one moment.
   *
   * @param alarms what is wrong, what explains others first
   * @param feed the feed's own sentence
   * @param waiting for how long at most the messages that wait may have waited; null where that is
   *     not known
   * @param took within which time 95 in 100 of the newest changes were searchable after their
   *     commit; null where no change came lately
   * @param settled how many messages were settled lately
   * @param target within which time a change is to be searchable
   */
  record Seen(
      FreshnessBlock freshness,
      List<Alarm> alarms,
      FeedPhase phase,
      String feed,
      @Nullable Duration waiting,
      @Nullable Duration took,
      long settled,
      Duration target,
      Instant now) {

    Optional<Alarm> alarm(Predicate<Cause> kind) {
      return alarms.stream().filter(alarm -> kind.test(alarm.cause())).findFirst();
    }

    boolean isLate(@Nullable Duration duration) {
      return duration != null && duration.compareTo(target) > 0;
    }

    /**
     * For how long the oldest message waits, at most: no longer than since nothing waited, and it
     * was committed after what is searchable. Null where neither is known.
     */
    @Nullable Duration behind() {
      Duration age =
          Optional.ofNullable(freshness.lagMillis()).map(Duration::ofMillis).orElse(null);
      // An age of nothing says that the source's clock is ahead.
      if (age == null || age.isZero()) {
        return waiting;
      }
      if (waiting == null) {
        return age;
      }
      return waiting.compareTo(age) > 0 ? age : waiting;
    }

    boolean isQuiet() {
      return freshness.lagMillis() == null && Long.valueOf(0).equals(freshness.pending());
    }
  }

  static FreshnessStatus of(Seen seen) {
    return stuck(seen)
        .or(() -> withoutKnowing(seen))
        .or(() -> late(seen))
        .or(() -> doubtful(seen))
        .orElseGet(() -> seen.isQuiet() ? quiet(seen) : fresh(seen));
  }

  /** A feed that does not say what waits, while changes come all the same, stops nothing. */
  private static Optional<FreshnessStatus> stuck(Seen seen) {
    boolean moves = seen.settled() > 0;
    return seen.alarm(cause -> cause.delaysChanges() && !(moves && cause == Cause.FEED_SILENT))
        .map(alarm -> of(Word.STUCK, brief(alarm.cause()), alarm));
  }

  /** The feed is not expected to know what waits. */
  private static Optional<FreshnessStatus> withoutKnowing(Seen seen) {
    return switch (seen.phase()) {
      case FOLLOWS -> Optional.empty();
      case READS_FIRST_ROWS ->
          Optional.of(
              new FreshnessStatus(
                  Word.BEHIND,
                  "reading the rows that are there",
                  "all rows are read once, and what is changed meanwhile comes after them",
                  null));
      // Another instance knows; this one answers searches.
      case STANDS_BY ->
          Optional.of(
              new FreshnessStatus(
                  Word.UNKNOWN,
                  "this instance stands by",
                  seen.feed() + "; ask that one how fresh the index is",
                  null));
    };
  }

  private static Optional<FreshnessStatus> late(Seen seen) {
    Long pending = seen.freshness().pending();
    Duration behind = seen.behind();
    if (pending != null && pending > 0 && (behind == null || seen.isLate(behind))) {
      return Optional.of(
          behind == null || pending >= MANY
              ? new FreshnessStatus(
                  Word.BEHIND,
                  messages(pending) + " waiting",
                  behind == null
                      ? reason(seen, "messages wait, and it is not known since when")
                      : "%s, for %s at most".formatted(messagesWait(pending), figure(behind)),
                  null)
              : new FreshnessStatus(
                  Word.LAGGING,
                  figure(behind),
                  "%s, for %s at most; the target is %s"
                      .formatted(messagesWait(pending), figure(behind), figure(seen.target())),
                  null));
    }
    return Optional.ofNullable(seen.took())
        .filter(seen::isLate)
        .map(
            took ->
                new FreshnessStatus(
                    Word.LAGGING,
                    figure(took),
                    "the newest changes were searchable %s after their commit; the target is %s"
                        .formatted(figure(took), figure(seen.target())),
                    null));
  }

  /** What nobody can say is told, whatever else is well. */
  private static Optional<FreshnessStatus> doubtful(Seen seen) {
    if (seen.freshness().pending() == null) {
      return Optional.of(
          seen.alarm(cause -> cause == Cause.FEED_SILENT)
              .map(alarm -> of(Word.UNKNOWN, "what waits is not known", alarm))
              .orElseGet(
                  () ->
                      new FreshnessStatus(
                          Word.UNKNOWN,
                          "what waits is not known",
                          reason(seen, "the feed has not said yet what waits"),
                          null)));
    }
    return seen.alarm(cause -> cause == Cause.WATERMARK_INEXACT)
        .map(alarm -> of(Word.UNKNOWN, "changes may be missing", alarm))
        .or(
            () ->
                seen.alarm(cause -> cause == Cause.CANARY_FAILING)
                    .map(alarm -> of(Word.UNKNOWN, "a probe was not found in time", alarm)));
  }

  private static FreshnessStatus quiet(Seen seen) {
    Instant since = seen.freshness().silentSince();
    return new FreshnessStatus(
        Word.QUIET,
        since == null
            ? "nothing came yet"
            : "nothing for " + figure(Duration.between(since, seen.now())),
        reason(seen, "nothing has come from the source for long"),
        "write a row to see that changes come; a heartbeat would tell without one");
  }

  private static FreshnessStatus fresh(Seen seen) {
    Long pending = seen.freshness().pending();
    Duration behind = pending != null && pending > 0 ? seen.behind() : null;
    Duration took = seen.took();
    Duration longest =
        behind == null || (took != null && took.compareTo(behind) > 0) ? took : behind;
    String waits =
        pending == null || behind == null
            ? "every change that has come is searchable"
            : "%s, for %s at most".formatted(messagesWait(pending), figure(behind));
    String newest =
        took == null
            ? ""
            : "95 in 100 of the newest changes were searchable within %s of their commit"
                .formatted(figure(took));
    return new FreshnessStatus(
        Word.FRESH,
        longest == null ? "nothing waits" : figure(longest),
        (longest != null && longest.equals(took) ? newest : waits) + except(seen.freshness()),
        null);
  }

  private static String except(FreshnessBlock freshness) {
    long documents = Optional.ofNullable(freshness.failedDocuments()).orElse(0L);
    long letters = Optional.ofNullable(freshness.deadLettered()).orElse(0L);
    long givenUp = Math.max(documents, letters);
    return givenUp == 0
        ? ""
        : givenUp == 1
            ? ", except 1 that was given up"
            : ", except %s that were given up".formatted(number(givenUp));
  }

  private static FreshnessStatus of(Word word, String figure, Alarm alarm) {
    return new FreshnessStatus(word, figure, alarm.description(), alarm.remedy());
  }

  private static String reason(Seen seen, String otherwise) {
    return Optional.ofNullable(seen.freshness().note()).orElse(otherwise);
  }

  /** Not every message is a change. */
  private static String messagesWait(long pending) {
    return pending == 1 ? "1 message waits" : number(pending) + " messages wait";
  }

  private static String messages(long pending) {
    return pending == 1 ? "1 message" : number(pending) + " messages";
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String brief(Cause cause) {
    return switch (cause) {
      case CONSUMPTION_ENDED -> "consumption has ended";
      case CONSUMPTION_PAUSED -> "paused";
      case CONSUMPTION_STALLED -> "a batch is not taken";
      case FEED_DISCONNECTED -> "the feed is not connected";
      case FEED_BLOCKED -> "the broker takes no changes";
      case FEED_SILENT -> "the feed does not answer";
      case INDEX_SILENT -> "the index does not answer";
      case SOURCE_RESTARTED -> "the source went back";
      case WATERMARK_HELD -> "the watermark stands still";
      case HEARTBEAT_STOPPED -> "nothing comes from the source";
      default -> cause.label().replace('-', ' ');
    };
  }

  /** Rounded up, so that it says nothing better than what was measured. */
  static String figure(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 100) {
      return millis + " ms";
    }
    if (millis <= 9_900) {
      long tenths = (millis + 99) / 100;
      return tenths / 10 + "." + tenths % 10 + " s";
    }
    long seconds = (millis + 999) / 1_000;
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = (seconds + 59) / 60;
    if (minutes < 120) {
      return minutes + " min";
    }
    long hours = (minutes + 59) / 60;
    return hours < 48 ? hours + " h" : (hours + 23) / 24 + " days";
  }
}
