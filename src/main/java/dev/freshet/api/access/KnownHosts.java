package dev.freshet.api.access;

import io.micronaut.context.annotation.Context;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of this service. A page whose own name was made to lead here (DNS rebinding) calls it
 * by another one; a name that always leads to this machine, and an address, cannot be such a
 * page's.
 */
@Context
final class KnownHosts {

  private static final String LOCALHOST = "localhost";

  private final Set<String> allowed;
  private final Set<String> names;

  KnownHosts(AccessConfiguration access, NettyHttpServerConfiguration server) {
    this.allowed = Set.copyOf(access.allowedHosts().stream().map(KnownHosts::name).toList());
    this.names = new HashSet<>(allowed);
    configured(server)
        .flatMap(host -> Authority.ofHost(bracketed(host)).stream())
        .map(Authority::host)
        .filter(host -> !isWildcard(host))
        .forEach(names::add);
  }

  private static Stream<String> configured(NettyHttpServerConfiguration server) {
    var listeners = server.getListeners();
    Stream<@Nullable String> further =
        (listeners == null
                ? List.<NettyHttpServerConfiguration.NettyListenerConfiguration>of()
                : listeners)
            .stream().map(NettyHttpServerConfiguration.NettyListenerConfiguration::getHost);
    return Stream.concat(server.getHost().stream(), further.flatMap(Stream::ofNullable));
  }

  private static String name(String text) {
    return Authority.ofHost(bracketed(text))
        .filter(authority -> authority.port() == -1)
        .map(Authority::host)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "freshet.access.allowed-hosts has '%s', which is not a host's name: write freshet.example.org, without scheme and port"
                        .formatted(text)));
  }

  private static String bracketed(String host) {
    return NetUtil.isValidIpV6Address(host) && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static boolean isWildcard(String host) {
    InetAddress address = address(host);
    return address != null && address.isAnyLocalAddress();
  }

  /**
   * Whether the host is this service's.
   *
   * @param local where the request arrived
   */
  boolean isKnown(String host, InetSocketAddress local) {
    InetAddress address = address(host);
    return names.contains(host)
        || host.equals(LOCALHOST)
        || host.endsWith("." + LOCALHOST)
        || (address != null && (address.isLoopbackAddress() || address.equals(local.getAddress())));
  }

  /** Whether the configuration names the host. */
  boolean isAllowed(String host) {
    return allowed.contains(host);
  }

  private static @Nullable InetAddress address(String host) {
    return NetUtil.createInetAddressFromIpAddressString(host);
  }
}
