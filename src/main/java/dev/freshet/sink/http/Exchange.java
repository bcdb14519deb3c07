package dev.freshet.sink.http;

import dev.freshet.DurationText;
import dev.freshet.UnavailableException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and waits for their answers; every failure on the way is an {@link
 * UnavailableException}.
 *
 * <p>The JDK's client rather than Micronaut's: each call here is one blocking request with one
 * deadline, and any status is an answer. Micronaut's makes exceptions of statuses, has a deadline
 * for each step but none for the whole, and buffers by configuration that is global.
 */
final class Exchange {

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder()
          // Its offer to speak HTTP/2 makes uvicorn log a warning for each request.
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final @Nullable String authorization;
  private final Clock clock;

  Exchange(URI base, Clock clock) {
    this.authorization = authorization(base);
    this.clock = clock;
  }

  private static @Nullable String authorization(URI base) {
    String user = base.getUserInfo();
    return user == null
        ? null
        : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  static URI withoutUser(URI base) {
    String user = base.getRawUserInfo();
    return user == null ? base : URI.create(base.toString().replaceFirst("://[^@/]*@", "://"));
  }

  HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    return authorization == null ? request : request.header("Authorization", authorization);
  }

  /**
   * Sends a request.
   *
   * @param patience how long to wait for the whole answer, its body included
   * @param call names the request in the failure
   */
  <T> HttpResponse<T> send(
      HttpRequest request, BodyHandler<T> body, Duration patience, String call) {
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new UnavailableException(
          call + " was not answered within " + DurationText.of(patience), e);
    } catch (ExecutionException e) {
      throw new UnavailableException(call + describe(e.getCause()), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new UnavailableException(call + " was interrupted", e);
    }
  }

  private static String describe(@Nullable Throwable cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return " fails: cannot connect; see that the service runs and that LLAMA_SERVICE_URL names it";
    }
    return " fails: " + (cause == null ? "no answer" : cause.getClass().getSimpleName());
  }

  /** The failure that an answer stands for. */
  UnavailableException unavailable(HttpResponse<?> response, String call) {
    String message = call + " answers " + response.statusCode() + advice(response.statusCode());
    Optional<Duration> wait =
        response
            .headers()
            .firstValue("Retry-After")
            .flatMap(header -> RetryAfter.parse(header, clock));
    return wait.map(duration -> new UnavailableException(message, duration))
        .orElseGet(() -> new UnavailableException(message));
  }

  private static String advice(int status) {
    return switch (status) {
      case 401, 403, 407 -> "; the service wants other credentials";
      case 412 ->
          "; it has a newer version of the document than Freshet sends: let one Freshet alone write to"
              + " it, or empty its index and the ledger together and take a snapshot";
      case 404, 405 -> "; LLAMA_SERVICE_URL is not the base of a LlamaIndex service";
      default ->
          status >= 300 && status < 400
              ? "; redirects are not followed, set LLAMA_SERVICE_URL to where it leads"
              : "";
    };
  }
}
