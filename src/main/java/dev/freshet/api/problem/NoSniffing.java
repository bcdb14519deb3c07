package dev.freshet.api.problem;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** Tells browsers of every answer that it is what its type says, whatever it looks like. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class NoSniffing implements Ordered {

  static final String NAME = "X-Content-Type-Options";
  static final String VALUE = "nosniff";

  @ResponseFilter
  void mark(MutableHttpResponse<?> response) {
    response.getHeaders().set(NAME, VALUE);
  }

  /** Outside of every other filter, so that what they answer is marked too. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }
}
