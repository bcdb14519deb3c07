package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.SocketConfigurator;
import com.rabbitmq.client.SocketConfigurators;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.micronaut.rabbitmq.connect.RabbitConnectionFactoryConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections with the settings under {@code rabbitmq}, made fit for a life of our own. */
final class Broker {

  /** The client's defaults take minutes to notice a dead peer; what the user sets is kept. */
  private static final int CONNECTION_TIMEOUT_MILLIS = 10_000;

  private static final int HEARTBEAT_SECONDS = 10;

  private static final Logger log = LoggerFactory.getLogger(Broker.class);

  /** The client's default. */
  private static final long LARGEST_MESSAGE = 64 * 1024 * 1024;

  private final RabbitConnectionFactoryConfig settings;
  private final Duration timeout;
  private final boolean verifyCertificate;

  Broker(RabbitConnectionFactoryConfig settings, RabbitmqConfiguration configuration) {
    this.settings = settings;
    this.timeout = configuration.timeout();
    this.verifyCertificate = configuration.verifyCertificate();
  }

  /** Connects; the name is what the broker's own tools show. */
  Link open(String name) throws IOException, TimeoutException {
    List<Socket> sockets = new CopyOnWriteArrayList<>();
    return new Link(factory(sockets).newConnection(addresses(), name), sockets);
  }

  /** As above; the executor runs what the consumers do. */
  Link open(String name, ExecutorService executor) throws IOException, TimeoutException {
    List<Socket> sockets = new CopyOnWriteArrayList<>();
    return new Link(factory(sockets).newConnection(executor, addresses(), name), sockets);
  }

  /** Where the broker is, for people. */
  String address() {
    return addresses().stream().map(Broker::text).collect(Collectors.joining(", "));
  }

  String username() {
    return settings.getUsername();
  }

  private static String text(Address address) {
    return address.getHost() + ":" + address.getPort();
  }

  private List<Address> addresses() {
    return settings
        .getAddresses()
        .filter(addresses -> !addresses.isEmpty())
        .orElseGet(() -> List.of(new Address(settings.getHost(), settings.getPort())));
  }

  private ConnectionFactory factory(List<Socket> sockets) throws IOException {
    ConnectionFactory factory = settings.clone();
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setMaxInboundMessageBodySize(largestMessage());
    factory.setSocketConfigurator(socketConfigurator(factory).andThen(sockets::add));
    factory.setExceptionHandler(new LostConnections());
    factory.setChannelRpcTimeout(Math.toIntExact(timeout.toMillis()));
    if (factory.getConnectionTimeout() == ConnectionFactory.DEFAULT_CONNECTION_TIMEOUT) {
      factory.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    }
    if (factory.getRequestedHeartbeat() == ConnectionFactory.DEFAULT_HEARTBEAT) {
      factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    }
    if (factory.getVirtualHost().isEmpty()) {
      // The client reads the path "/" of a URL as a virtual host without a name; everyone means
      // "/".
      factory.setVirtualHost(ConnectionFactory.DEFAULT_VHOST);
    }
    if (factory.isSSL()) {
      secure(factory);
    }
    return factory;
  }

  /**
   * The client breaks the connection off at a larger one, again at each attempt; a smaller one it
   * reads in frames and then joins, which takes memory twice.
   */
  private static int largestMessage() {
    long share = Runtime.getRuntime().maxMemory() / 4;
    return (int) Math.min(Integer.MAX_VALUE, Math.max(LARGEST_MESSAGE, share));
  }

  /** For amqps:// the settings' own one compares the host's name with the certificate. */
  private SocketConfigurator socketConfigurator(ConnectionFactory factory) {
    return factory.isSSL() && !verifyCertificate
        ? SocketConfigurators.defaultConfigurator()
        : settings.getSocketConfigurator();
  }

  /** What the client makes of amqps:// differs from version to version. */
  private void secure(ConnectionFactory factory) throws IOException {
    try {
      if (verifyCertificate) {
        factory.useSslProtocol(SSLContext.getDefault());
        factory.enableHostnameVerification();
      } else {
        factory.useTlsWithNoVerification();
      }
    } catch (NoSuchAlgorithmException | KeyManagementException e) {
      throw new IOException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Leaves the end of a connection to those who use it: they warn and connect anew, where the
   * client would log an error with its stack trace.
   */
  private static final class LostConnections extends ForgivingExceptionHandler {

    @Override
    public void handleUnexpectedConnectionDriverException(Connection lost, Throwable cause) {
      log.debug("A connection to RabbitMQ is lost", cause);
    }
  }
}
