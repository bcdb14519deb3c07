package dev.freshet.api.problem;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import jakarta.inject.Singleton;

/** Answers 401 without a key that is known, and 403 where the key's role does not do. */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
@SuppressWarnings("rawtypes") // As the interface has it.
final class AuthorizationHandler
    implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {

  @Override
  public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException failure) {
    String call = request.getMethodName() + " " + request.getPath();
    if (failure.isForbidden()) {
      return Problem.of(
              HttpStatus.FORBIDDEN, call + " needs a key of the role admin; this one may only read")
          .response();
    }
    boolean sent =
        request.getHeaders().contains(HttpHeaders.AUTHORIZATION)
            || request.getHeaders().contains("X-API-Key");
    String detail =
        (sent ? "the API key that was sent is not known here; " : "")
            + call
            + " needs one: send the header 'Authorization: Bearer <key>'";
    return Problem.of(HttpStatus.UNAUTHORIZED, detail)
        .response()
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"freshet\"");
  }
}
