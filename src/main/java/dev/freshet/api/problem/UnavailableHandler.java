package dev.freshet.api.problem;

import dev.freshet.UnavailableException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers 503 when something Freshet depends on does not answer. */
@Singleton
@SuppressWarnings("rawtypes") // As the interface has it.
final class UnavailableHandler
    implements ExceptionHandler<UnavailableException, HttpResponse<Problem>> {

  private final ProblemHandler problems;

  UnavailableHandler(ProblemHandler problems) {
    this.problems = problems;
  }

  @Override
  public HttpResponse<Problem> handle(HttpRequest request, UnavailableException failure) {
    String detail = String.valueOf(failure.getMessage());
    return problems.handle(
        request,
        new ProblemException(
            Problem.of(HttpStatus.SERVICE_UNAVAILABLE, detail), failure.retryAfter().orElse(null)));
  }
}
