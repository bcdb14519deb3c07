package dev.freshet.api.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as a problem document.
 *
 * @param type always {@code about:blank}: the status says what kind of problem it is
 * @param title the status in words
 * @param detail what is wrong and how to mend it, for people
 * @param parameter the parameter at fault; null where none is
 * @param index the place of the change event at fault in the request, from 0; null where none is
 * @param accepted how many change events before it are on the feed already; null where none was
 *     tried
 * @param extensions further members
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "parameter", "index", "accepted"})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String parameter,
    @Nullable Integer index,
    @Nullable Integer accepted,
    @JsonAnyGetter Map<String, Object> extensions) {

  public Problem {
    extensions = Map.copyOf(extensions);
  }

  public static Problem of(HttpStatus status, String detail) {
    return new Problem(
        "about:blank", status.getReason(), status.getCode(), detail, null, null, null, Map.of());
  }

  /** The problem of one parameter of the request. */
  public static Problem ofParameter(String parameter, String detail) {
    return of(HttpStatus.BAD_REQUEST, detail).withParameter(parameter);
  }

  public Problem withParameter(String name) {
    return new Problem(type, title, status, detail, name, index, accepted, extensions);
  }

  /** The problem of one change event of several. */
  public Problem withEvent(int eventIndex, int acceptedBefore) {
    return new Problem(
        type, title, status, detail, parameter, eventIndex, acceptedBefore, extensions);
  }

  /** The problem with one more member. */
  public Problem with(String member, Object value) {
    var more = new HashMap<>(extensions);
    more.put(member, value);
    return new Problem(type, title, status, detail, parameter, index, accepted, more);
  }

  MutableHttpResponse<Problem> response() {
    return into(HttpResponse.status(HttpStatus.valueOf(status)));
  }

  MutableHttpResponse<Problem> into(MutableHttpResponse<?> response) {
    // No filter sees what the server refuses before it knows the call.
    response.getHeaders().set(NoSniffing.NAME, NoSniffing.VALUE);
    return response.body(this).contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
  }
}
