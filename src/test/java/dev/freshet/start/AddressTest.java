package dev.freshet.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  private static Address of(String port) {
    try (var context = ApplicationContext.builder().deduceEnvironment(false).build()) {
      var environment = context.getEnvironment();
      environment.addPropertySource(
          PropertySource.of("test", Map.of("micronaut.server.port", port)));
      environment.start();
      return Address.of(environment);
    }
  }

  @Test
  void aPortInUseIsNamedWithTheVariable() throws IOException {
    try (var used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = new Address("127.0.0.1", used.getLocalPort());
      assertThatThrownBy(address::requireFree)
          .isInstanceOfSatisfying(
              Address.UnusableException.class, e -> assertThat(e.heals()).isTrue())
          .hasMessage(
              "Port 127.0.0.1:" + used.getLocalPort() + " is in use; set FRESHET_HTTP_PORT");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsTold() {
    assertThatThrownBy(new Address("192.0.2.1", 65_000)::requireFree)
        .hasMessageContaining("The address 192.0.2.1 is not one of this machine");
    assertThatThrownBy(new Address("no-such-host.invalid", 65_000)::requireFree)
        .hasMessageContaining("The host name 'no-such-host.invalid' is not known");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eighty", "70000", "-2", ""})
  void aPortThatIsNoneIsRefused(String port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(port))
        .withMessageContaining("set FRESHET_HTTP_PORT to a number up to 65535");
  }

  @Test
  void anyFreePortIsNotTried() {
    assertThatCode(new Address("0.0.0.0", 0)::requireFree).doesNotThrowAnyException();
    assertThat(of("-1").port()).isEqualTo(-1);
  }
}
