package dev.freshet.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;

/** A network between a client and a server that a test can break: over TCP, on loopback. */
public final class TcpProxy implements AutoCloseable {

  private enum Mode {
    FORWARD,
    REFUSE,
    BLACKHOLE,
    STALL
  }

  private static final long STALL_CHECK_NANOS = 20_000_000;

  private final InetSocketAddress target;
  private final ServerSocketFactory listeners;
  private final int port;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Mode mode = Mode.FORWARD;
  private volatile ServerSocket listener;
  private Thread acceptor;

  public TcpProxy(String targetHost, int targetPort) {
    this(targetHost, targetPort, ServerSocketFactory.getDefault());
  }

  /** Listens with sockets of this kind: with TLS, say, for a server that has none. */
  public TcpProxy(String targetHost, int targetPort, ServerSocketFactory listeners) {
    this.listeners = listeners;
    this.target = new InetSocketAddress(targetHost, targetPort);
    this.port = FreePorts.next();
    this.listener = listen(port);
  }

  public String host() {
    return listener.getInetAddress().getHostAddress();
  }

  public int port() {
    return port;
  }

  /** How many connections have been accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  /** Breaks every connection; new ones are forwarded as before. */
  public void cut() {
    for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
      closeQuietly(socket);
    }
  }

  /**
   * Breaks every connection and refuses new ones. The kernel listens on until the accepting thread
   * has left its call, so the end of that thread is awaited.
   */
  public void refuse() {
    mode = Mode.REFUSE;
    closeQuietly(listener);
    awaitEnd(acceptor);
    cut();
  }

  /** Keeps every connection, accepts new ones, and passes nothing on in either direction. */
  public void blackhole() {
    mode = Mode.BLACKHOLE;
  }

  /** Keeps every connection and reads no more from it, so that a writer is held up in the end. */
  public void stall() {
    mode = Mode.STALL;
  }

  /** Forwards again. What a black hole swallowed stays lost, so its connections are broken. */
  public void resume() {
    Mode before = mode;
    mode = Mode.FORWARD;
    if (before == Mode.REFUSE) {
      listener = listen(port);
    } else if (before != Mode.FORWARD) {
      cut();
    }
  }

  @Override
  public void close() {
    refuse();
  }

  private ServerSocket listen(int port) {
    try {
      ServerSocket socket = listeners.createServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      acceptor = daemon(() -> acceptFrom(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptFrom(ServerSocket socket) {
    try {
      while (true) {
        Socket client = socket.accept();
        accepted.incrementAndGet();
        open.add(client);
        connect(client);
      }
    } catch (IOException e) {
      // The listener was closed.
    }
  }

  private void connect(Socket client) {
    var server = new Socket();
    try {
      server.connect(target);
    } catch (IOException e) {
      closeQuietly(client);
      return;
    }
    open.add(server);
    daemon(() -> copy(client, server));
    daemon(() -> copy(server, client));
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        while (mode == Mode.STALL && !from.isClosed()) {
          LockSupport.parkNanos(STALL_CHECK_NANOS);
        }
        if (mode == Mode.FORWARD) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // Either side is gone.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void awaitEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Closed is closed.
    }
  }
}
