package dev.freshet.api.problem;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/** Turns the errors that Micronaut itself finds (no such path, too large a body) into problems. */
@Singleton
final class ProblemResponseProcessor implements ErrorResponseProcessor<Problem> {

  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    HttpStatus status = response.status();
    return Problem.of(status, detail(context, status)).into(response);
  }

  /** The message of an unforeseen exception is for the log only: it may quote anything. */
  private static String detail(ErrorContext context, HttpStatus status) {
    if (status.getCode() >= 500) {
      return "Freshet failed on this request; its log says why";
    }
    String request = context.getRequest().getMethodName() + " " + context.getRequest().getPath();
    return switch (status) {
      case NOT_FOUND -> "there is nothing at " + request + "; GET / names what there is";
      default -> context.hasErrors() ? messages(context) : status.getReason();
    };
  }

  private static String messages(ErrorContext context) {
    return context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "));
  }
}
