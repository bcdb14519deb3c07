package dev.freshet.api.access;

import io.micronaut.http.HttpRequest;
import io.micronaut.security.token.reader.TokenReader;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Takes the key from {@code X-API-Key}, for clients that cannot set {@code Authorization}. */
@Singleton
final class ApiKeyHeader implements TokenReader<HttpRequest<?>> {

  static final String NAME = "X-API-Key";

  @Override
  public Optional<String> findToken(HttpRequest<?> request) {
    return request.getHeaders().findFirst(NAME).filter(key -> !key.isBlank());
  }
}
