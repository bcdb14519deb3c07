package dev.freshet.api.access;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * The rule of every call for which none is written ({@code @Secured}, or an endpoint's {@code
 * sensitive}): to look needs the role {@code read}, all else {@code admin}. A new call is so never
 * open by oversight. What does not exist has no rule, and is not found.
 */
@Singleton
final class MethodRule implements SecurityRule<HttpRequest<?>> {

  private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  @Override
  public Publisher<SecurityRuleResult> check(
      HttpRequest<?> request, @Nullable Authentication authentication) {
    if (RouteAttributes.getRouteMatch(request).isEmpty()) {
      return Publishers.just(SecurityRuleResult.UNKNOWN);
    }
    boolean allowed =
        authentication != null && authentication.getRoles().contains(needed(request.getMethod()));
    return Publishers.just(allowed ? SecurityRuleResult.ALLOWED : SecurityRuleResult.REJECTED);
  }

  private static String needed(HttpMethod method) {
    return LOOKING.contains(method) ? Role.READ : Role.ADMIN;
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }
}
