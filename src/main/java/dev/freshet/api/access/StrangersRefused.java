package dev.freshet.api.access;

import dev.freshet.MisconfiguredException;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the start, before any port is opened, when other machines could call without a key and
 * nobody said that they may.
 */
@Singleton
final class StrangersRefused implements BeanCreatedEventListener<EmbeddedServer> {

  private static final Logger LOG = LoggerFactory.getLogger(StrangersRefused.class);
  private static final String EVERY_ADDRESS = "0.0.0.0";

  private final AccessConfiguration access;
  private final NettyHttpServerConfiguration server;

  StrangersRefused(AccessConfiguration access, NettyHttpServerConfiguration server) {
    this.access = access;
    this.server = server;
  }

  @Override
  public EmbeddedServer onCreated(BeanCreatedEvent<EmbeddedServer> event) {
    requireNoStrangers();
    LOG.info(
        "{}",
        access.isOpen()
            ? "No API key is needed: access control is off"
            : "Calls need an API key, except for /health");
    return event.getBean();
  }

  /**
   * Looks.
   *
   * @throws MisconfiguredException with what can be set
   */
  void requireNoStrangers() {
    List<String> reachable = hosts().stream().filter(host -> !isLoopback(host)).toList();
    if (access.isOpen() && !access.isSwitchedOff() && !reachable.isEmpty()) {
      throw new MisconfiguredException(refusal(reachable.get(0)));
    }
  }

  private List<String> hosts() {
    var listeners = server.getListeners();
    return listeners == null || listeners.isEmpty()
        ? List.of(named(server.getHost().orElse(null)))
        : listeners.stream().map(listener -> named(listener.getHost())).toList();
  }

  private static String named(@Nullable String host) {
    return Optional.ofNullable(host).filter(name -> !name.isBlank()).orElse(EVERY_ADDRESS);
  }

  private static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String refusal(String host) {
    return ("Whoever reaches %s could read and change the index, because there is no API key: set"
            + " FRESHET_ACCESS_ADMIN_KEY_SHA256 (or FRESHET_ACCESS_READ_KEY_SHA256) to what this"
            + " prints: %s . Or set FRESHET_HTTP_HOST=127.0.0.1 to answer on this machine only, or"
            + " FRESHET_ACCESS_ENABLED=false where something else keeps strangers away")
        .formatted(host, AccessConfiguration.HOW_TO_MAKE_A_KEY);
  }
}
