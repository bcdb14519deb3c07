package dev.freshet.api.access;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.inject.ExecutableMethod;
import io.micronaut.management.endpoint.EndpointSensitivityProcessor;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.security.rules.SensitiveEndpointRule;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

/** Leaves the framework's sensitive endpoints to {@link MethodRule}; it has no rule of its own. */
@Singleton
@Replaces(SensitiveEndpointRule.class)
final class SensitiveEndpoints extends SensitiveEndpointRule {

  SensitiveEndpoints(EndpointSensitivityProcessor sensitivity) {
    super(sensitivity);
  }

  @Override
  protected Publisher<SecurityRuleResult> checkSensitiveAuthenticated(
      HttpRequest<?> request, Authentication authentication, ExecutableMethod<?, ?> method) {
    return Publishers.just(SecurityRuleResult.UNKNOWN);
  }
}
