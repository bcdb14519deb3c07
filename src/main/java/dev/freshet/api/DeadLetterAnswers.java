package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.deadletter.BackgroundReplay.Progress;
import dev.freshet.deadletter.DeadLetterService.Found;
import dev.freshet.deadletter.DeadLetterSummary;
import dev.freshet.deadletter.Listing;
import dev.freshet.deadletter.ReplayReport;
import io.swagger.v3.oas.annotations.media.Schema;
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
  @Schema(name = "DeadLetters")
  record Listed(
      @Schema(description = "Those that fit, oldest first.") List<DeadLetterEntry> deadLetters,
      @Schema(description = "How many dead letters there are, whether they fit or not.")
          long waiting,
      @Schema(description = "Whether all of them were looked at.") boolean complete) {

    static Listed of(Listing listing) {
      return new Listed(
          listing.deadLetters().stream().map(DeadLetterEntry::of).toList(),
          listing.waiting(),
          listing.complete());
    }
  }

  /** One dead letter as it came. It may hold the values of excluded columns: for admins only. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @Schema(
      name = "DeadLetterContent",
      description = "A dead letter as it came; may hold the values of excluded columns.")
  record Content(
      DeadLetterEntry deadLetter,
      @Schema(description = "The message's headers as texts.") Map<String, String> headers,
      @Schema(description = "A text, or base64 where the bytes are not UTF-8.") String body,
      @Schema(description = "`utf-8` or `base64`.") String bodyEncoding) {

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
  @Schema(name = "ReplayProgress", description = "How far a replay in the background is.")
  record Replaying(
      boolean running,
      @Schema(description = "Null where none was started.") @Nullable Instant startedAt,
      @Schema(description = "Null while it runs.") @Nullable Instant endedAt,
      @Schema(description = "What became of them so far.") @Nullable Replayed replayed,
      @Schema(description = "Why it ended early, or what the next round waits for.")
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
  @Schema(name = "Replayed")
  record Replayed(
      @Schema(description = "How many are indexed now.") int succeeded,
      @Schema(description = "How many were older than what is indexed, which stays.") int stale,
      @Schema(
              description =
                  "How many have no bearing on the index, as those of a table without a mapping.")
          int ignored,
      @Schema(description = "How many failed again; they wait at the end, with the new reason.")
          int failed,
      @Schema(
              description =
                  "How many dead letters this call did not come to, whether they fit or not.")
          long remaining) {

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
