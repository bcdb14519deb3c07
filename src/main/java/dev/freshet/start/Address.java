package dev.freshet.start;

import io.micronaut.core.value.PropertyResolver;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where the service is to answer.
 *
 * @param port below 1 for any that is free
 */
record Address(String host, int port) {

  private static final String HOST = "micronaut.server.host";
  private static final String PORT = "micronaut.server.port";
  private static final int DEFAULT_PORT = 8080;
  private static final int HIGHEST_PORT = 65_535;
  private static final int LOWEST_OPEN_PORT = 1024;

  /** What can be wrong with it. A port that is in use becomes free without a change. */
  static final class UnusableException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final boolean heals;

    UnusableException(String message, boolean heals) {
      super(message);
      this.heals = heals;
    }

    boolean heals() {
      return heals;
    }
  }

  static Address of(PropertyResolver settings) {
    String port =
        settings.getProperty(PORT, String.class).orElse(String.valueOf(DEFAULT_PORT)).strip();
    if (!port.matches("-1|[0-9]{1,5}") || Integer.parseInt(port) > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "The port '" + port + "' is not valid: set FRESHET_HTTP_PORT to a number up to 65535");
    }
    String host = settings.getProperty(HOST, String.class).orElse("").strip();
    return new Address(host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(port));
  }

  /**
   * Opens the port for a moment.
   *
   * @throws UnusableException with the mend
   */
  void requireFree() {
    if (port < 1) {
      return;
    }
    try (var socket = new ServerSocket()) {
      // As Netty has it; else a port counts as used for a while after its process ended.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bare(host)), port));
    } catch (UnknownHostException e) {
      throw new UnusableException(
          "The host name '"
              + host
              + "' is not known; set FRESHET_HTTP_HOST to an address of this"
              + " machine",
          false);
    } catch (BindException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private UnusableException refused(String reason) {
    if (reason.contains("in use")) {
      return new UnusableException("Port " + this + " is in use; set FRESHET_HTTP_PORT", true);
    }
    if (reason.contains("ermission") && port < LOWEST_OPEN_PORT) {
      return new UnusableException(
          "Port " + this + " is reserved for root; set FRESHET_HTTP_PORT to 1024 or more", false);
    }
    if (reason.contains("assign")) {
      return new UnusableException(
          "The address " + host + " is not one of this machine; set FRESHET_HTTP_HOST", false);
    }
    return new UnusableException("Port " + this + " cannot be opened: " + reason, true);
  }

  private static String bare(String host) {
    return host.replaceAll("^\\[|\\]$", "");
  }

  @Override
  public String toString() {
    String bare = bare(host);
    return (bare.contains(":") ? "[" + bare + "]" : bare) + ":" + port;
  }
}
