package dev.freshet.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a question.
 *
 * @param millis how long the answer took, or its absence
 * @param status null where nothing answered
 * @param content of the file; null where there is a problem
 * @param problem one line that says why there is no content; null if there is content
 */
record Finding(
    Question question,
    Instant askedAt,
    long millis,
    @Nullable Integer status,
    @Nullable String content,
    @Nullable String problem) {

  ObjectNode summary() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("call", "GET " + question.path())
        .put("file", content == null ? null : question.file())
        .put("askedAt", askedAt.toString())
        .put("millis", millis)
        .put("status", status)
        .put("problem", problem);
  }

  String sentence() {
    return problem == null
        ? String.format(Locale.ROOT, "%s: status %d in %d ms", question.file(), status, millis)
        : question.file() + " is left out: " + problem;
  }
}
