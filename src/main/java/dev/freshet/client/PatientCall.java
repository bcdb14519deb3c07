package dev.freshet.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.client.NotReachedException.Reason;
import dev.freshet.client.Service.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One question, asked again until its answer is the one that is waited for, or the time is up. A
 * service that cannot be reached, or is busy, may be there in time.
 */
final class PatientCall {

  /** What an answer means to the one who waits. */
  enum Verdict {
    REACHED,
    DEAD_LETTERED,
    IGNORED,
    NOT_YET
  }

  /** Proxies cut what is silent for longer. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(20);

  /** For the answer to come, once the service has waited. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Pattern MILLISECONDS = Pattern.compile("which is ([0-9]{1,9}) ms");

  private final Service service;
  private final String path;
  private final Function<JsonNode, Verdict> judge;
  private final long deadline;
  private Duration longestCall = LONGEST_CALL;
  private Duration pause = SHORTEST_PAUSE;
  private String lastSaid = "the service was not asked";
  private @Nullable IndexFreshness lastFreshness;

  /**
   * @param path with a query that can be added to
   * @param judge of an answer with status 200
   */
  PatientCall(Service service, String path, Duration timeout, Function<JsonNode, Verdict> judge) {
    this.service = service;
    this.path = path;
    this.judge = judge;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Asks at least once.
   *
   * @throws NotReachedException when the time is up, or the answer will not come
   */
  JsonNode answer() throws InterruptedException {
    do {
      JsonNode answer = ask();
      if (answer != null) {
        return answer;
      }
    } while (!remaining().isZero());
    throw new NotReachedException(Reason.TIMED_OUT, lastSaid, lastFreshness);
  }

  private @Nullable JsonNode ask() throws InterruptedException {
    Duration wait = shorter(remaining(), longestCall);
    try {
      Answer answer = service.get(path + "timeout=" + wait.toMillis() + "ms", wait.plus(GRACE));
      if (answer.body().has("freshness")) {
        lastFreshness = IndexFreshness.of(answer.body().path("freshness"));
      }
      return read(answer, wait);
    } catch (IOException e) {
      lastSaid = Sentences.unreachable(service.url(), e);
      rest(pause);
      return null;
    }
  }

  private @Nullable JsonNode read(Answer answer, Duration wait) throws InterruptedException {
    if (answer.status() == 200) {
      return judged(answer.body());
    }
    lastSaid = answer.detail();
    boolean waited = answer.status() == 504 && answer.body().has("freshness");
    if (waited || isTooLong(answer, wait)) {
      return null;
    }
    switch (answer.status()) {
      case 429, 502, 503, 504 -> rest(answer.retryAfter().orElse(pause));
      default -> throw new NotReachedException(Reason.REFUSED, lastSaid, lastFreshness);
    }
    return null;
  }

  private @Nullable JsonNode judged(JsonNode body) throws InterruptedException {
    var document = IndexedDocument.of(body);
    lastSaid = Sentences.document(document);
    switch (judge.apply(body)) {
      case REACHED -> {
        return body;
      }
      case DEAD_LETTERED ->
          throw new NotReachedException(
              Reason.DEAD_LETTERED,
              document.documentId()
                  + ": its newest change was dead-lettered, "
                  + body.at("/failure/detail").asText(),
              lastFreshness);
      case IGNORED ->
          throw new NotReachedException(
              Reason.IGNORED, body.path("reason").asText(), lastFreshness);
      case NOT_YET -> rest(pause);
    }
    return null;
  }

  /** Whether the service lets nobody wait so long; the next call is shorter. */
  private boolean isTooLong(Answer answer, Duration wait) {
    if (answer.status() != 400 || !answer.body().path("parameter").asText().equals("timeout")) {
      return false;
    }
    var allowed = MILLISECONDS.matcher(answer.detail());
    longestCall =
        allowed.find() ? Duration.ofMillis(Long.parseLong(allowed.group(1))) : wait.dividedBy(2);
    return longestCall.compareTo(wait) < 0;
  }

  private void rest(Duration wanted) throws InterruptedException {
    Thread.sleep(shorter(wanted, remaining()).toMillis());
    pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
  }

  private Duration remaining() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
