package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.deadletter.BackgroundReplay.Progress;
import dev.freshet.deadletter.DeadLetterService.Found;
import dev.freshet.deadletter.DeadLetterSummary;
import dev.freshet.deadletter.ReplayReport;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls on dead letters answer. */
final class DeadLetterAnswers {

  private DeadLetterAnswers() {}

  /** One dead letter as it came. It may hold the values of excluded columns: for admins only. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record DeadLetterContent(
      DeadLetterSummary deadLetter, Map<String, String> headers, String body, String bodyEncoding) {

    static DeadLetterContent of(Found found) {
      var entry = DeadLetterSummary.of(found.letter(), found.subject());
      var message = found.letter().message();
      try {
        String text =
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message.body())).toString();
        return new DeadLetterContent(entry, message.headers(), text, "utf-8");
      } catch (CharacterCodingException e) {
        String base64 = Base64.getEncoder().encodeToString(message.body());
        return new DeadLetterContent(entry, message.headers(), base64, "base64");
      }
    }
  }

  /** How far a replay in the background is. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ReplayProgress(
      boolean running,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable ReplayReport replayed,
      @Nullable String problem) {

    static ReplayProgress of(@Nullable Progress progress) {
      return progress == null
          ? new ReplayProgress(false, null, null, null, null)
          : new ReplayProgress(
              progress.endedAt() == null,
              progress.startedAt(),
              progress.endedAt(),
              progress.report(),
              progress.problem());
    }
  }
}
