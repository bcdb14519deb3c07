package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.deadletter.BackgroundReplay.Progress;
import dev.freshet.deadletter.DeadLetterService.Found;
import dev.freshet.deadletter.DeadLetterSummary;
import dev.freshet.deadletter.Listing;
import dev.freshet.deadletter.ReplayReport;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls on dead letters answer. */
final class DeadLetterAnswers {

  private DeadLetterAnswers() {}

  /** A listing. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Listed(List<DeadLetterEntry> deadLetters, long waiting, boolean complete) {

    static Listed of(Listing listing) {
      return new Listed(
          listing.deadLetters().stream().map(DeadLetterEntry::of).toList(),
          listing.waiting(),
          listing.complete());
    }
  }

  /** One dead letter as it came. It may hold the values of excluded columns: for admins only. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Content(
      DeadLetterEntry deadLetter, Map<String, String> headers, String body, String bodyEncoding) {

    static Content of(Found found) {
      var entry = DeadLetterEntry.of(DeadLetterSummary.of(found.letter(), found.subject()));
      var message = found.letter().message();
      try {
        String text =
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message.body())).toString();
        return new Content(entry, message.headers(), text, "utf-8");
      } catch (CharacterCodingException e) {
        String base64 = Base64.getEncoder().encodeToString(message.body());
        return new Content(entry, message.headers(), base64, "base64");
      }
    }
  }

  /** How far a replay in the background is. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Replaying(
      boolean running,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable Replayed replayed,
      @Nullable String problem) {

    static Replaying of(@Nullable Progress progress) {
      return progress == null
          ? new Replaying(false, null, null, null, null)
          : new Replaying(
              progress.endedAt() == null,
              progress.startedAt(),
              progress.endedAt(),
              Replayed.of(progress.report()),
              progress.problem());
    }
  }

  /** What became of a replay. */
  record Replayed(int succeeded, int stale, int ignored, int failed, long remaining) {

    static Replayed of(ReplayReport report) {
      return new Replayed(
          report.succeeded(),
          report.stale(),
          report.ignored(),
          report.failed(),
          report.remaining());
    }
  }
}
