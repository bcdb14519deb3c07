package dev.freshet.api.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A host with its port, as a {@code Host} header or an {@code Origin} names it.
 *
 * @param host in lower case; an IPv6 address without its brackets
 * @param port -1 where none is named
 */
record Authority(String host, int port) {

  private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

  /** Reads a {@code Host} header; empty where it names no host. */
  static Optional<Authority> ofHost(String header) {
    return parse("http://" + header.strip())
        .filter(uri -> uri.getRawPath().isEmpty())
        .map(uri -> of(uri, -1));
  }

  /** Reads an {@code Origin} header, with the port that its scheme implies; empty for "null". */
  static Optional<Authority> ofOrigin(String header) {
    return parse(header.strip())
        .filter(uri -> uri.getScheme() != null)
        .map(uri -> of(uri, DEFAULT_PORTS.getOrDefault(lower(uri.getScheme()), -1)));
  }

  /** Whether a page of that origin was loaded from here; the default port may be left out here. */
  boolean isOf(Authority origin) {
    boolean samePort = port == origin.port || (port == -1 && isDefault(origin.port));
    return samePort && host.equals(origin.host);
  }

  private static boolean isDefault(int port) {
    return DEFAULT_PORTS.containsValue(port);
  }

  private static Optional<URI> parse(String text) {
    try {
      var uri = new URI(text);
      boolean plain = uri.getHost() != null && uri.getRawUserInfo() == null;
      return plain ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Authority of(URI uri, int defaultPort) {
    String host = lower(uri.getHost()).replaceAll("^\\[|]$", "");
    return new Authority(
        host.endsWith(".") ? host.substring(0, host.length() - 1) : host,
        uri.getPort() == -1 ? defaultPort : uri.getPort());
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
