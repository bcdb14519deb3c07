package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokerFaultTest {

  static Stream<IOException> failures() {
    return Stream.of(
        new UnknownHostException("no-such-host"),
        new ConnectException("refused"),
        new SocketTimeoutException("Connect timed out"),
        new SSLHandshakeException("not trusted"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aConnectionThatCannotBeMadeNamesItsSetting(IOException failure) {
    assertThat(BrokerFault.describe(failure, null))
        .endsWith("; see rabbitmq.uri (RABBITMQ_URL)")
        .doesNotContain("Exception");
  }

  @Test
  void aConnectionThatBreaksOffIsNobodysSetting() {
    assertThat(BrokerFault.describe(new IOException("Broken pipe"), null)).isEqualTo("Broken pipe");
  }
}
