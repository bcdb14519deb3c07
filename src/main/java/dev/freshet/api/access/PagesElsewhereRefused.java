package dev.freshet.api.access;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.filter.ServerFilterPhase;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what a web page of somebody else makes a browser send. A browser reaches services that
 * strangers cannot reach, above all those on its own machine. Where no key is needed, any page that
 * it shows could read and change the index.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#origin-header">The Origin header</a>
 * @see <a href="https://www.w3.org/TR/fetch-metadata/">Sec-Fetch-Site</a>
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class PagesElsewhereRefused implements Ordered {

  /** Every other one changes something. */
  private static final Set<HttpMethod> LOOKING =
      EnumSet.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private static final String SITE = "Sec-Fetch-Site";
  private static final String OWN_PAGE = "same-origin";
  private static final String NO_PAGE = "none";

  private final boolean open;
  private final KnownHosts known;
  private final TrustedProxies proxies;

  PagesElsewhereRefused(AccessConfiguration access, KnownHosts known, TrustedProxies proxies) {
    this.open = access.isOpen();
    this.known = known;
    this.proxies = proxies;
  }

  @RequestFilter
  void check(HttpRequest<?> request) {
    List<String> hosts = proxies.hosts(request);
    if (open) {
      hosts.forEach(host -> requireKnown(host, request));
    }
    if (!LOOKING.contains(request.getMethod())) {
      requireOwnPage(request, hosts);
      requireContentType(request);
    }
  }

  private void requireKnown(String host, HttpRequest<?> request) {
    boolean isKnown =
        Authority.ofHost(host)
            .filter(named -> known.isKnown(named.host(), request.getServerAddress()))
            .isPresent();
    if (!isKnown) {
      throw new HttpStatusException(
          HttpStatus.MISDIRECTED_REQUEST,
          ("'%s' is not a known name of this service. Without an API key it answers only to localhost and to the names in"
                  + " freshet.access.allowed-hosts: add this one there, or configure a key")
              .formatted(host));
    }
  }

  private void requireOwnPage(HttpRequest<?> request, List<String> hosts) {
    Optional<String> site = request.getHeaders().findFirst(SITE);
    Optional<String> origin = request.getHeaders().findFirst(HttpHeaders.ORIGIN);
    if (site.filter(OWN_PAGE::equals).isPresent() || origin.filter(this::isAllowed).isPresent()) {
      return;
    }
    boolean ofOtherSite = site.filter(from -> !from.equals(NO_PAGE)).isPresent();
    if (ofOtherSite || origin.filter(from -> !isOwn(from, hosts)).isPresent()) {
      throw new HttpStatusException(
          HttpStatus.FORBIDDEN,
          ("%s %s changes something, and a page of another origin (%s) sent it. Where that page may do so, add its host to"
                  + " freshet.access.allowed-hosts")
              .formatted(request.getMethodName(), request.getPath(), origin.orElse("not named")));
    }
  }

  private boolean isAllowed(String origin) {
    return Authority.ofOrigin(origin).map(Authority::host).filter(known::isAllowed).isPresent();
  }

  private static boolean isOwn(String origin, List<String> hosts) {
    return Authority.ofOrigin(origin)
        .filter(
            page ->
                hosts.stream()
                    .flatMap(host -> Authority.ofHost(host).stream())
                    .anyMatch(host -> host.isOf(page)))
        .isPresent();
  }

  /** A page can send a body without a type to every origin; JSON only where that agrees. */
  private static void requireContentType(HttpRequest<?> request) {
    boolean hasBody =
        request.getContentLength() > 0
            || request.getHeaders().contains(HttpHeaders.TRANSFER_ENCODING);
    if (hasBody && request.getContentType().isEmpty()) {
      throw new HttpStatusException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "the body has no Content-Type: send the header 'Content-Type: application/json'");
    }
  }

  /** Before anything looks at keys. */
  @Override
  public int getOrder() {
    return ServerFilterPhase.SECURITY.before();
  }
}
