package dev.freshet.api.access;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import jakarta.inject.Singleton;
import java.util.List;
import org.reactivestreams.Publisher;

/** Takes everybody for an administrator where access control is off; the rules stay the same. */
@Singleton
final class OpenAccess implements AuthenticationFetcher<HttpRequest<?>> {

  private static final Authentication ANYBODY =
      Authentication.build("anybody", List.of(Role.READ, Role.ADMIN));

  private final boolean open;

  OpenAccess(AccessConfiguration configuration) {
    this.open = configuration.isOpen();
  }

  @Override
  public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
    return open ? Publishers.just(ANYBODY) : Publishers.empty();
  }

  /** Before every other, so that a key that nobody knows does no harm where none is needed. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }
}
