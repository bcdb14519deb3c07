package dev.freshet.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.client.Service.Answer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A call whose answer helps to find out what is wrong. */
enum Question {
  HEALTH("health.json", "/health") {
    /** What is down is what the answer is about. */
    @Override
    boolean isAnswer(Answer answer) {
      return super.isAnswer(answer) || (answer.status() == 503 && answer.body().has("status"));
    }
  },
  FRESHNESS("freshness.json", "/freshness"),
  INFO("info.json", "/info"),
  JOBS("jobs.json", "/jobs") {
    /** Examples are keys of rows, and a condition may have values. */
    @Override
    JsonNode content(JsonNode body) {
      for (JsonNode job : body.path("jobs")) {
        if (job.path("request") instanceof ObjectNode request && request.has("where")) {
          request.put("where", "(left out)");
        }
        job.path("report").findParents("examples").forEach(Question::withoutExamples);
      }
      return body;
    }
  },
  DEAD_LETTERS("dead-letters.json", "/dead-letters?limit=1000") {
    /** How many there are, and nothing of what is in them. */
    @Override
    JsonNode content(JsonNode body) {
      ObjectNode counts = JsonNodeFactory.instance.objectNode();
      counts.set("waiting", body.path("waiting"));
      counts.put("counted", body.path("deadLetters").size());
      ObjectNode reasons = counts.putObject("byReason");
      ObjectNode tables = counts.putObject("byTable");
      for (JsonNode letter : body.path("deadLetters")) {
        count(reasons, letter.path("reason").asText("none"));
        count(tables, letter.path("table").asText("none"));
      }
      return counts;
    }
  },
  METRICS("metrics.txt", "/prometheus") {
    @Override
    boolean isAnswer(Answer answer) {
      return answer.status() == 200;
    }

    @Override
    String file(Answer answer) {
      return answer.text();
    }
  };

  /** Longer than the service waits for PostgreSQL before it says so (freshet.jdbc.timeout). */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final String file;
  private final String path;

  Question(String file, String path) {
    this.file = file;
    this.path = path;
  }

  String file() {
    return file;
  }

  String path() {
    return path;
  }

  private static void withoutExamples(JsonNode found) {
    ((ObjectNode) found).remove("examples");
  }

  private static void count(ObjectNode counts, String name) {
    counts.put(name, counts.path(name).asLong() + 1);
  }

  boolean isAnswer(Answer answer) {
    return answer.status() == 200 && answer.body().isObject();
  }

  /** What of a JSON body goes into the file. */
  JsonNode content(JsonNode body) {
    return body;
  }

  /** The file's text. */
  String file(Answer answer) {
    return content(answer.body()).toPrettyString() + "\n";
  }

  /** Asks once. */
  Finding ask(Service service, Clock clock) throws InterruptedException {
    Instant askedAt = clock.instant();
    Integer status = null;
    String content = null;
    String problem = null;
    try {
      Answer answer = service.get(path, PATIENCE);
      status = answer.status();
      if (isAnswer(answer)) {
        content = file(answer);
      } else {
        problem = problem(answer);
      }
    } catch (IOException e) {
      problem = Sentences.unreachable(service.url(), e);
    }
    long millis = Duration.between(askedAt, clock.instant()).toMillis();
    return new Finding(
        this,
        askedAt,
        millis,
        status,
        content,
        problem == null ? null : Sentences.oneLine(problem));
  }

  private static String problem(Answer answer) {
    return switch (answer.status()) {
      case 200 -> "the answer is not JSON: is this the address of a Freshet?";
      case 404 -> "there is no such call: the service is older than this command, or no Freshet";
      default -> answer.detail();
    };
  }
}
