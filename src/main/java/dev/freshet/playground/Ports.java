package dev.freshet.playground;

import dev.freshet.MisconfiguredException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback address. */
final class Ports {

  /** Beside the usual one, which a PostgreSQL of the user's own may have now or later. */
  private static final int USUAL = 15_432;

  private Ports() {}

  /**
   * The port that is asked for, else the usual one, else any that is free.
   *
   * @param asked 0 where none is
   * @throws MisconfiguredException when the one that is asked for is taken
   */
  static int choose(int asked) throws IOException {
    if (asked != 0) {
      if (!isFree(asked)) {
        throw new MisconfiguredException(
            "Port 127.0.0.1:%d is in use or reserved: name another one with --postgresql-port, or leave it out"
                .formatted(asked));
      }
      return asked;
    }
    return isFree(USUAL) ? USUAL : anyFree();
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int anyFree() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
