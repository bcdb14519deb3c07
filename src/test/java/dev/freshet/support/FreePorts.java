package dev.freshet.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports of loopback that a server can be stopped on and started again. They lie below the range
 * that the kernel gives to outgoing connections, which could take such a port in between.
 */
public final class FreePorts {

  private static final Logger LOG = LoggerFactory.getLogger(FreePorts.class);

  private FreePorts() {}

  public static int next() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        LOG.debug("Port {} is taken", port, e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
