package dev.freshet.api.problem;

import dev.freshet.RejectedException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers 400 when the index cannot take a value of the request, such as a NUL character. */
@Singleton
@SuppressWarnings("rawtypes") // As the interface has it.
final class RejectedHandler implements ExceptionHandler<RejectedException, HttpResponse<Problem>> {

  private final ProblemHandler problems;

  RejectedHandler(ProblemHandler problems) {
    this.problems = problems;
  }

  @Override
  public HttpResponse<Problem> handle(HttpRequest request, RejectedException failure) {
    return problems.handle(
        request, new ProblemException(Problem.of(HttpStatus.BAD_REQUEST, failure.detail()), null));
  }
}
