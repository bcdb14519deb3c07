package dev.freshet.api.problem;

import dev.freshet.search.UnsupportedSearchException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers 501 when the active sink cannot search so. */
@Singleton
@SuppressWarnings("rawtypes") // As the interface has it.
final class UnsupportedSearchHandler
    implements ExceptionHandler<UnsupportedSearchException, HttpResponse<Problem>> {

  @Override
  public HttpResponse<Problem> handle(HttpRequest request, UnsupportedSearchException failure) {
    return Problem.of(HttpStatus.NOT_IMPLEMENTED, String.valueOf(failure.getMessage())).response();
  }
}
