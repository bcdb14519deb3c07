package dev.freshet.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.client.NotReachedException.Reason;
import dev.freshet.client.PatientCall.Verdict;
import dev.freshet.client.Service.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets a test or a script wait until a change is searchable. Safe for use by several threads.
 *
 * <p>A wait may be longer than the service allows for one call: then it is made of several.
 */
public final class FreshetClient {

  /** A table of no source: only the wait counts, and the answer is small. */
  private static final String NO_DOCUMENT = "/documents/freshet.none/0?";

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

  private final Service service;

  private FreshetClient(Service service) {
    this.service = service;
  }

  /**
   * A client for a service that needs no key.
   *
   * @param url such as {@code http://localhost:8080}
   */
  public static FreshetClient of(String url) {
    return of(url, null);
  }

  /**
   * A client.
   *
   * @param url such as {@code http://localhost:8080}
   * @param apiKey of the role read or admin; null where none is needed
   * @throws IllegalArgumentException when the URL is none of http or https
   */
  public static FreshetClient of(String url, @Nullable String apiKey) {
    return new FreshetClient(new Service(URI.create(url), apiKey));
  }

  /**
   * Waits until everything that was committed before the position is searchable, or known to have
   * failed.
   *
   * @param lsn what {@code pg_current_wal_lsn()} answered after the commit
   * @throws NotReachedException when it is not in time
   */
  public IndexFreshness awaitLsn(String lsn, Duration timeout) throws InterruptedException {
    String path = NO_DOCUMENT + "minLsn=" + Service.encoded(lsn) + "&";
    JsonNode answer = new PatientCall(service, path, timeout, any -> Verdict.REACHED).answer();
    return IndexFreshness.of(answer.path("freshness"));
  }

  /**
   * Waits until the document is searchable, or deleted, and no newer change of it was received. A
   * change that Freshet has not received yet is not waited for: to wait for that one, name its
   * transaction.
   *
   * @param table {@code schema.table}
   * @param key the key columns' values, joined with a comma
   * @throws NotReachedException when it is not in time, its newest change was dead-lettered, or
   *     rows of its table become no documents
   */
  public IndexedDocument awaitDocument(String table, String key, Duration timeout)
      throws InterruptedException {
    return document(path(table, key), timeout, FreshetClient::isSettled);
  }

  /**
   * Waits until the transaction's change of the document is searchable.
   *
   * @param txId what {@code pg_current_xact_id()} answered inside the transaction
   * @throws NotReachedException when it is not in time, the document's newest change, that one or a
   *     later one, was dead-lettered, or rows of its table become no documents
   */
  public IndexedDocument awaitDocument(String table, String key, String txId, Duration timeout)
      throws InterruptedException {
    String path = path(table, key) + "txId=" + Service.encoded(txId) + "&";
    return document(path, timeout, FreshetClient::isApplied);
  }

  private static String path(String table, String key) {
    return "/documents/" + Service.encoded(table) + "/" + Service.encoded(key) + "?";
  }

  private IndexedDocument document(String path, Duration timeout, Function<JsonNode, Verdict> judge)
      throws InterruptedException {
    return IndexedDocument.of(new PatientCall(service, path, timeout, judge).answer());
  }

  private static Verdict isSettled(JsonNode answer) {
    if (answer.hasNonNull("received")) {
      return Verdict.NOT_YET;
    }
    return switch (answer.path("state").asText()) {
      case "indexed", "deleted" -> Verdict.REACHED;
      case "failed" -> Verdict.DEAD_LETTERED;
      case "ignored" -> Verdict.IGNORED;
      default -> Verdict.NOT_YET;
    };
  }

  /** The service has waited for the change; it may still lack values, or be a dead letter. */
  private static Verdict isApplied(JsonNode answer) {
    return switch (answer.path("state").asText()) {
      case "failed" -> Verdict.DEAD_LETTERED;
      case "ignored" -> Verdict.IGNORED;
      case "pending" -> Verdict.NOT_YET;
      default -> Verdict.REACHED;
    };
  }

  /**
   * Searches, best first.
   *
   * @param query in words
   * @param most how many segments to find at most
   * @throws IOException when the service cannot be reached
   * @throws NotReachedException when it does not answer the search
   */
  public SearchAnswer search(String query, int most) throws IOException, InterruptedException {
    return search("q=" + Service.encoded(query) + "&k=" + most);
  }

  /**
   * Searches as the query string says, such as {@code q=tent&mode=keyword}; its values are encoded.
   *
   * @throws IOException when the service cannot be reached
   * @throws NotReachedException when it does not answer the search
   */
  public SearchAnswer search(String queryString) throws IOException, InterruptedException {
    Answer answer = service.get("/search?" + queryString, CALL_TIMEOUT);
    if (answer.status() == 200) {
      return SearchAnswer.of(answer.body());
    }
    JsonNode freshness = answer.body().path("freshness");
    throw new NotReachedException(
        answer.status() == 504 ? Reason.TIMED_OUT : Reason.REFUSED,
        answer.detail(),
        freshness.isObject() ? IndexFreshness.of(freshness) : null);
  }
}
