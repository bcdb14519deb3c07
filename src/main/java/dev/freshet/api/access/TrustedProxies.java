package dev.freshet.api.access;

import io.micronaut.context.annotation.Context;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a request names as its host. A header that a proxy adds counts only where it comes from a
 * configured one: anybody else, a script in a page too, can write it.
 */
@Context
final class TrustedProxies {

  private static final String FORWARDED_HOST = "X-Forwarded-Host";
  private static final Pattern HOST_IN_FORWARDED =
      Pattern.compile("(?:^|[;,\\s])host=\"?([^\";,\\s]+)", Pattern.CASE_INSENSITIVE);

  private final List<IpSubnetFilterRule> networks;

  TrustedProxies(AccessConfiguration access) {
    this.networks = access.trustedProxies().stream().map(TrustedProxies::network).toList();
  }

  private static IpSubnetFilterRule network(String text) {
    String[] parts = text.split("/", 2);
    try {
      byte[] address = NetUtil.createByteArrayFromIpAddressString(parts[0]);
      if (address != null) {
        int prefix = parts.length == 1 ? address.length * Byte.SIZE : Integer.parseInt(parts[1]);
        return new IpSubnetFilterRule(parts[0], prefix, IpFilterRuleType.ACCEPT);
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the value.
    }
    throw new IllegalArgumentException(
        "freshet.access.trusted-proxies has '%s', which is not an address or a network: write 10.0.0.7 or 10.0.0.0/8"
            .formatted(text));
  }

  /** The host headers that count; none where a client sends none, as HTTP/1.0 allows. */
  List<String> hosts(HttpRequest<?> request) {
    return forwardedHost(request)
        .map(List::of)
        .orElseGet(() -> request.getHeaders().getAll(HttpHeaders.HOST));
  }

  /** What the last proxy saw itself; what stands before it may be of anybody. */
  private Optional<String> forwardedHost(HttpRequest<?> request) {
    if (networks.stream().noneMatch(network -> network.matches(request.getRemoteAddress()))) {
      return Optional.empty();
    }
    String hosts = String.join(",", request.getHeaders().getAll(FORWARDED_HOST));
    if (!hosts.isBlank()) {
      return Optional.of(hosts.substring(hosts.lastIndexOf(',') + 1).strip());
    }
    String forwarded = String.join(",", request.getHeaders().getAll(HttpHeaders.FORWARDED));
    return HOST_IN_FORWARDED
        .matcher(forwarded)
        .results()
        .reduce((first, second) -> second)
        .map(found -> found.group(1));
  }
}
