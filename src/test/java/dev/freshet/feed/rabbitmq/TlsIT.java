package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.support.TcpProxy;
import io.micronaut.rabbitmq.connect.SingleRabbitConnectionFactoryConfig;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** amqps, through a proxy whose certificate nobody trusts. */
class TlsIT {

  private static final String STORE_PASSWORD = "changeit";

  @TempDir Path directory;

  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    try (var broker = new TestBroker();
        TcpProxy proxy = proxy();
        ChangeFeed feed = feed(proxy, broker.configuration())) {
      feed.start();

      await().until(() -> feed.status().description().contains("no TLS connection"));
      assertThat(feed.status().connected()).isFalse();
    }
  }

  @Test
  void aCertificateIsTakenUnseenWhereTheUserSaysSo() throws Exception {
    try (var broker = new TestBroker();
        TcpProxy proxy = proxy();
        ChangeFeed feed = feed(proxy, trusting(broker.configuration()))) {
      feed.start();

      await().until(() -> feed.status().connected());
    }
  }

  private static ChangeFeed feed(TcpProxy proxy, RabbitmqConfiguration configuration)
      throws Exception {
    var settings = new SingleRabbitConnectionFactoryConfig();
    var plain = TestBroker.settings();
    settings.setUri(
        "amqps://%s:%s@%s:%d/"
            .formatted(plain.getUsername(), plain.getPassword(), proxy.host(), proxy.port()));
    return new RabbitmqFeed(settings, configuration, Clock.systemUTC());
  }

  private static RabbitmqConfiguration trusting(RabbitmqConfiguration configuration) {
    return new RabbitmqConfiguration(
        configuration.exchange(),
        configuration.queue(),
        configuration.routingKeys(),
        configuration.deadLetterExchange(),
        configuration.deadLetterQueue(),
        configuration.consumerTag(),
        configuration.prefetch(),
        configuration.prefetchBytes(),
        configuration.unroutedMaxLength(),
        configuration.timeout(),
        configuration.retryDelay(),
        configuration.maxRetryDelay(),
        false,
        TopologyMode.DECLARE,
        null,
        Map.of());
  }

  private TcpProxy proxy() throws Exception {
    SingleRabbitConnectionFactoryConfig target = TestBroker.settings();
    return new TcpProxy(target.getHost(), target.getPort(), tlsSockets());
  }

  private ServerSocketFactory tlsSockets() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stored = Files.newInputStream(selfSignedCertificate())) {
      keys.load(stored, STORE_PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE_PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  /** The JDK makes certificates by its tool only. */
  private Path selfSignedCertificate() throws Exception {
    Path store = directory.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command =
        List.of(
            keytool,
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "broker",
            "-dname",
            "CN=localhost",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            STORE_PASSWORD);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
    assertThat(process.waitFor()).as(output).isZero();
    return store;
  }
}
