package dev.freshet.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Tells how many of the playground's rows are searchable, until all of them are. */
final class FirstIndexing implements Runnable {

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration TELL_EVERY = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NOT_KNOWN = -1;

  /** Where a key is needed. */
  private static final long REFUSED = -2;

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI freshness;

  /** Somebody may have deleted some meanwhile. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final long rows;
  private final Clock clock;
  private final Instant begin;
  private final Consumer<String> tell;

  /**
   * @param url the service's
   * @param rows how many rows there are
   * @param begin when the command was given
   */
  FirstIndexing(String url, long rows, Clock clock, Instant begin, Consumer<String> tell) {
    this.freshness = URI.create(url + "/freshness");
    this.rows = rows;
    this.clock = clock;
    this.begin = begin;
    this.tell = tell;
  }

  @Override
  public void run() {
    Instant told = begin;
    Instant grown = begin;
    long most = 0;
    try {
      while (true) {
        long documents = documents();
        if (documents == REFUSED) {
          return;
        }
        if (documents >= rows) {
          tell.accept(
              "All %,d rows are searchable, %d s after the start".formatted(rows, seconds()));
          return;
        }
        if (documents > most) {
          most = documents;
          grown = clock.instant();
        }
        if (most > 0 && Duration.between(grown, clock.instant()).compareTo(PATIENCE) > 0) {
          tell.accept(
              "%,d of %,d rows are searchable; the console says what the others are"
                  .formatted(documents, rows));
          return;
        }
        if (documents > 0 && Duration.between(told, clock.instant()).compareTo(TELL_EVERY) >= 0) {
          told = clock.instant();
          tell.accept("%,d of %,d rows are searchable".formatted(documents, rows));
        }
        Thread.sleep(LOOK_EVERY.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long seconds() {
    return Duration.between(begin, clock.instant()).toSeconds();
  }

  /** {@link #NOT_KNOWN} while the service does not answer, as a busy machine's. */
  private long documents() throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(freshness).timeout(Duration.ofSeconds(10)).build();
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        return answer.statusCode() < 500 ? REFUSED : NOT_KNOWN;
      }
      long documents = 0;
      for (JsonNode table : JSON.readTree(answer.body()).path("tables")) {
        documents += table.path("documents").asLong();
      }
      return documents;
    } catch (IOException e) {
      return NOT_KNOWN;
    }
  }
}
